/** Expressions over `FEEL_DATA` on which feelin and this engine agree, by what they are about. */
export const FEEL_DATA = {
  a: { b: 1, 'c d': 2 },
  numbers: [1, 2, 3],
  rows: [{ x: 1, y: 'p' }, { x: 2, y: 'q' }, { x: 3 }],
  'order total': 7,
  text: 'foobar',
  nothing: null,
};

export const FEEL_TABLE: Readonly<Record<string, string>> = {
  literals: String.raw`
1.5
-3
.5
"text"
"a\nb\"c\\d"
"\d"
"\u0041"
true
null
[1, "a", [true]]
{a: 1, "b c": 2, d e: 3}
[]
{}`,
  'comparison and equality': `
1 = 1
1 = 2
1 != 2
1 = "1"
1 != "1"
1 = null
null = null
null != null
null < 1
"a" < "b"
"b" >= "a"
[1, 2] = [1, 2]
[1, 2] = [1, 3]
{a: 1} = {a: 1}
{a: 1} = {a: 2}
{a: 1} = {b: 1}
3 between 1 and 5
7 between 1 and 5
null between 1 and 5
3 in [1..5]
5 in [1..5)
1 in (1..5]
3 in (1, 2, 3)
4 in (1, 2, 3)
3 in > 2
3 in (< 2, > 2)
3 in [1, 2, 3]
3 in [4, 5]
[1] in [[1], [2]]
"a" in ("b", "a")
"a" in "a"
"b" in (1, 2, 3)
not("b" in (1, 2, 3))
3 in "b"
1 in null`,
  arithmetic: `
1 + 2 * 3
(1 + 2) * 3
7 / 2
1 / 0
0 / 0
2 ** 3
2 ** 3 ** 2
-2 ** 2
10 - 3 - 2
0.1 + 0.2
-numbers[1]
"a" + "b"
1 + null
"a" + 1
"a" + null
true + 1`,
  logic: `
true and false
true and null
false and null
null and null
true or null
false or null
1 and true
"x" or true
not(true)
not(null)
not(1)
if 1 > 0 then "yes" else "no"
if null then 1 else 2
if a.b = 1 then if numbers[1] = 2 then 1 else 2 else 3`,
  'names, paths and filters': `
a.b
a.c d
a.zz
a.b.c
order total + 1
missing
missing.x
nothing.x
numbers[1]
numbers[-1]
numbers[0]
numbers[5]
numbers[item >= 2]
numbers[item = 2][1]
numbers[count(numbers)]
rows.x
rows[x > 1]
rows[x > 1].y
rows[y = "p"].x
rows[2]
rows[item.x = 3].x
rows[y = null]
[][1]
[][item > 1]
5[1]
5[item > 2]
nothing[1]
{a: 1}.a
{a: 1, b: a + 1}
{a: 1, b: {c: a}}.b.c
{a: 1}[a = 1]
[[1, 2], [3]][1]`,
  loops: `
for i in 1..3 return i * 2
for i in 3..1 return i
for i in numbers return i + 1
for i in numbers, j in [10, 20] return i + j
for i in [[1, 2], [3]], j in i return j
for i in [1..3] return i
for i in 5 return i
for i in nothing return i
for row in rows return row.x
some x in numbers satisfies x > 2
some x in numbers satisfies x > 5
some x in [] satisfies x
every x in numbers satisfies x > 0
every x in numbers satisfies x > 1
every x in [] satisfies x
some x in numbers, y in [2, 3] satisfies x + y = 6`,
  functions: `
(function(x) x + 1)(2)
{f: function(x) x * 2, r: f(4)}.r
{fact: function(n) if n <= 1 then 1 else n * fact(n - 1)}.fact(5)
(function(x, y) x - y)(y: 1, x: 3)
sort([3, 1, 2], function(x, y) x < y)
sort(list: [3, 1, 2], precedes: function(x, y) x > y)
missing(1)
a.b(1)`,
  types: `
1 instance of number
1 instance of string
"a" instance of string
true instance of boolean
null instance of Null
null instance of Any
[1] instance of list
[1] instance of list<number>
["a"] instance of list<number>
{a: 1} instance of context
{a: 1} instance of context<a: number>
date("2020-01-01") instance of date
time("10:00:00") instance of time
date and time("2020-01-01T10:00:00") instance of date and time
duration("P1D") instance of days and time duration
duration("P1Y") instance of years and months duration
[1..2] instance of range`,
  'text functions': String.raw`
string(1.50)
string("a")
string(true)
string(null)
string([1, "a", null])
string({a: 1, "b c": "d"})
string(function(x) x)
number("12")
number("-1.5")
number("x")
number("1 000,5", " ", ",")
number("1,000.5", ",", ".")
substring("foobar", 3)
substring("foobar", 3, 2)
substring("foobar", -2, 1)
substring(string: "foobar", start position: 3)
substring("foobar", "x")
substring("a😀b", 2, 1)
string length("äö😀")
upper case("abc")
lower case("ABC")
substring before("foobar", "bar")
substring before("foobar", "x")
substring after("foobar", "o")
substring after("foobar", "x")
contains("foobar", "ob")
starts with("foobar", "foo")
ends with("foobar", "bar")
matches("foobar", "^fo*b")
matches("FOO", "foo", "i")
matches("foo", "[")
matches("a.b", "^a\.b$")
matches("a\nb", "a.b", "s")
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")
replace("a1b22", "[0-9]+", "#")
replace("abc", "B", "x", "i")
replace("abc", "b", "$0$0")
split("John Doe", "\s")
split("a;b;;c", ";")
split("abc", "")
split("", ",")
string join(["a", "b"], "-")
string join(["a", null, "b"])
string join(["a", 1])
string join([])`,
  'list functions': `
list contains(numbers, 2)
list contains(numbers, 5)
list contains([null], null)
count(numbers)
count(5)
min(1, 2, 3)
max([1, 5, 3])
min([])
sum(1, 2)
sum([])
sum("a")
mean([1, 2, 3])
mean([])
all([true, true])
all([true, null])
all([false, null])
all([])
any([false, true])
any([false, null])
any([])
sublist(numbers, 2)
sublist(numbers, 1, 2)
sublist(numbers, -2, 1)
append(numbers, 4)
append([1], 2, 3)
concatenate([1], [2, 3])
insert before([1, 3], 2, 2)
remove(numbers, 2)
reverse(numbers)
index of([1, 2, 1], 1)
union([1, 2], [2, 3])
distinct values([1, 2, 1, "a", "a", null, null])
distinct values([{a: 1}, {a: 1}])
flatten([1, [2, [3, []]]])
product([2, 3])
median([3, 1, 2])
median([1, 2, 3, 4])
stddev([2, 4, 7, 5])
mode([6, 1, 9, 6, 1])
list replace(numbers, 2, 9)
list replace(numbers, function(item, new) item > 1, 0)`,
  'number functions': `
decimal(1 / 3, 2)
decimal(2.5, 0)
decimal(1.115, 2)
floor(1.56, 1)
floor(-1.5)
ceiling(-1.5)
ceiling(1.01)
round up(5.5, 0)
round up(-5.1, 0)
round down(5.9, 0)
round half up(5.5, 0)
round half up(-5.5, 0)
round half down(5.5, 0)
abs(-3)
modulo(12, 5)
modulo(-12, 5)
modulo(12, -5)
sqrt(16)
sqrt(-1)
log(10)
exp(1)
odd(5)
even(5)
even(-2)`,
  'dates, times and durations': `
date("2020-02-29")
date("2020-02-30")
date("nonsense")
date(2020, 1, 31)
date(year: 2020, month: 2, day: 3)
date(date and time("2020-01-01T10:00:00"))
date("2020-01-02").year
date("2020-01-02").weekday
date("2020-01-02").hour
date(2020, 1, 31) + duration("P1M")
date(2020, 3, 31) - duration("P1M")
date("2020-01-01") - date("2019-01-01")
date("2020-01-01") < date("2021-01-01")
date("2020-01-01") = date("2020-01-01")
date("2020-01-01") = "2020-01-01"
@"2020-01-01"
@"P1Y"
@"10:00:00" < @"11:00:00"
time("10:30:00")
time("10:30:00.5")
time("25:00:00")
time(10, 30, 5)
time("10:00:00") + duration("PT14H")
time("10:00:00") - time("08:30:00")
time("10:30:00").minute
date and time("2020-01-01T10:00:00")
date and time("2020-01-01T10:00:00Z")
date and time("2020-01-01T10:00:00.123+02:00")
date and time("2020-01-01")
date and time(date("2020-01-01"), time("10:00:00"))
date and time("2020-01-01T10:00:00") + duration("PT90M")
date and time("2020-01-31T10:00:00") + duration("P1M")
date and time("2020-01-01T10:00:00Z") = date and time("2020-01-01T12:00:00+02:00")
date and time("2020-01-01T10:00:00Z") - date and time("2020-01-01T08:00:00Z")
date and time("2020-01-01T10:00:00Z").time offset
date and time("2020-01-01T10:00:00@Europe/Paris").timezone
string(date and time("2020-01-01T10:00:00@Europe/Paris"))
string(date("2020-01-01"))
duration("P1DT2H")
duration("P1Y2M")
duration("P1W")
duration("nonsense")
duration("P1DT2H").hours
duration("P1Y2M").months
duration("P1Y") + duration("P2M")
duration("P1D") = duration("PT24H")
duration("PT1H") < duration("PT2H")
abs(duration("-PT1H"))
years and months duration(date("2011-12-22"), date("2013-12-22"))
day of week(date("2020-01-01"))
month of year(date("2020-01-01"))
day of year(date("2020-03-01"))
week of year(date("2020-12-31"))`,
  'ranges and contexts': `
[1..3]
[1..3].start
[1..3].end
before(1, 10)
before([1..5], 6)
after(10, 5)
after([1..5], [6..7])
meets([1..5], [5..10])
met by([5..10], [1..5])
overlaps([1..5], [3..8])
overlaps([1..2], [3..4])
includes([1..10], 5)
get value({a: 1}, "a")
get value({a: 1}, "b")
get value(m: {a: 1}, key: "a")
get entries({a: 1, b: 2})
context([{key: "a", value: 1}, {key: "b", value: 2}])
context merge([{a: 1, b: 1}, {b: 2}])
context put({a: 1}, "b", 2)
context put({a: {b: 1}}, ["a", "c"], 2)
is(1, 1)
is(1, 2)`,
};
