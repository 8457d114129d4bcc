// `node --test tests/browser/unit`: the small pure parts of assets/js.
import assert from "node:assert/strict";
import { test } from "node:test";
import { moneyWords, numberWords, readMoney, readWeight, weightWords } from "../../../assets/js/echo.js";
import { linesOf } from "../../../assets/js/cart.js";
import { read, stepped, write } from "../../../assets/js/qty.js";
import { minutesLeft } from "../../../assets/js/countdown.js";

test("numbers are said as in the North", () => {
  const said = {
    0: "không", 4: "bốn", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi", 21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm",
    100: "một trăm", 105: "một trăm linh năm", 110: "một trăm mười", 115: "một trăm mười lăm", 999: "chín trăm chín mươi chín",
    1000: "một nghìn", 1005: "một nghìn không trăm linh năm", 1050: "một nghìn không trăm năm mươi", 25000: "hai mươi lăm nghìn",
    1005000: "một triệu không trăm linh năm nghìn", 1200000: "một triệu hai trăm nghìn",
    1000000001: "một tỷ không trăm linh một", 2500000000000: "hai nghìn năm trăm tỷ",
  };
  for (const [n, words] of Object.entries(said)) assert.equal(numberWords(Number(n)), words);
});

test("a sum typed with points, spaces or the sign of the đồng is the same sum", () => {
  for (const typed of ["25000", "25.000", "25 000", "25.000 ₫"]) assert.equal(readMoney(typed), 25000);
  assert.equal(readMoney("hai lăm"), null);
  assert.equal(moneyWords(25000), "hai mươi lăm nghìn đồng");
});

test("a weight is read with comma or point and said in cân and lạng", () => {
  assert.equal(readWeight("1,5"), 1500);
  assert.equal(readWeight("12.5"), 12500);
  assert.equal(readWeight("1.500"), 1500000);
  assert.equal(readWeight("1.500,5"), 1500500);
  assert.equal(readWeight("125", "lạng"), 12500);
  assert.equal(readWeight("1,86"), 1860);
  assert.equal(readWeight("một"), null);
  const said = { 500: "năm lạng", 1500: "một cân rưỡi", 1200: "một cân hai lạng", 1860: "một cân tám trăm sáu mươi gam", 12500: "mười hai cân rưỡi", 1250000: "một tấn hai trăm năm mươi cân" };
  for (const [grams, words] of Object.entries(said)) assert.equal(weightWords(Number(grams)), words);
});

test("the basket counts its lines, on http and https, and nothing that is no line", () => {
  assert.equal(linesOf(""), 0);
  assert.equal(linesOf("x=1; gio=0198-a~1500.0198-b~2000"), 2);
  assert.equal(linesOf("__Host-gio=a~1000"), 1);
  assert.equal(linesOf("gio=a~0.rubbish.b~1000"), 1);
  assert.equal(linesOf("magio=a~1000"), 0);
});

test("steps keep to the grid and inside the bounds", () => {
  assert.equal(read("1,5"), 1500);
  assert.equal(read("1.5"), 1500);
  assert.equal(read("abc"), null);
  assert.equal(write(1500), "1,5");
  assert.equal(stepped(1500, 500, 500, 2000, 1), 2000);
  assert.equal(stepped(2000, 500, 500, 2000, 1), 2000);
  assert.equal(stepped(1700, 500, 500, null, -1), 1500);
  assert.equal(stepped(500, 500, 500, null, -1), 500);
});

test("minutes left are rounded up and never negative", () => {
  const now = Date.parse("2026-11-23T08:00:00Z");
  assert.equal(minutesLeft("2026-11-23T08:14:01Z", now), 15);
  assert.equal(minutesLeft("2026-11-23T07:00:00Z", now), 0);
});
