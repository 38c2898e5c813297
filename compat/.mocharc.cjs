module.exports = {
  spec: 'test/**/*.test.mjs',
  timeout: 10_000,
  // The published workers leave a timer behind that never ends where a handler threw.
  exit: true,
};
