/** The public types of the packages as text: one declaration per name an entry point exports, without comments. */
import path from 'node:path';
import ts from 'typescript';
import { workspaces } from '../workspaces.mjs';

/** @returns {Map<string, string>} file name → content, one file per package */
export function publicApi() {
  const packages = workspaces('packages').map(({ folder, manifest }) => ({
    name: path.basename(folder),
    entries: Object.entries(manifest.exports).flatMap(([subpath, target]) =>
      target.types === undefined ? [] : [{ subpath, file: path.join(folder, target.types) }],
    ),
  }));
  const files = packages.flatMap(({ entries }) => entries.map(({ file }) => file));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    skipLibCheck: true,
    noEmit: true,
  });
  return new Map(packages.map(({ name, entries }) => [`${name}.md`, reportOf(program, name, entries)]));
}

function reportOf(program, name, entries) {
  const sections = entries.map(({ subpath, file }) => {
    const title = path.posix.join('@process-engine', name, subpath);
    return [`## ${title}`, '', '```ts', ...declarationsOf(program, file), '```', ''].join('\n');
  });
  return [`<!-- Written by scripts/stability.mjs from the packages' declarations. -->`, `# Public types of ${name}`, '', ...sections].join('\n');
}

function declarationsOf(program, file) {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is missing; is everything built?`);
  const module = checker.getSymbolAtLocation(source);
  if (module === undefined) return [];
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, text: textOf(checker, symbol) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ text }) => text);
}

function textOf(checker, exported) {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declarations = (symbol.declarations ?? []).map(statementOf);
  const texts = [...new Set(declarations)].map(printed);
  const renamed = symbol.name === exported.name || symbol.name === 'default' ? [] : [`// exported as ${exported.name}`];
  if (texts.length === 0) return `export { ${exported.name} };`;
  return [...renamed, ...texts].join('\n');
}

/** A variable's declaration says `const` only together with its statement. */
function statementOf(declaration) {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

const printer = ts.createPrinter({ removeComments: true });

function printed(declaration) {
  const node = ts.isClassDeclaration(declaration) ? withoutPrivate(declaration) : declaration;
  return printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
}

function withoutPrivate(declaration) {
  const members = declaration.members.filter(
    (member) =>
      !(member.name !== undefined && ts.isPrivateIdentifier(member.name)) &&
      (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) === 0,
  );
  const { modifiers, name, typeParameters, heritageClauses } = declaration;
  return ts.factory.updateClassDeclaration(declaration, modifiers, name, typeParameters, heritageClauses, members);
}
