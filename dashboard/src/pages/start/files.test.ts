import { expect, test } from "vitest";
import { namesOf } from "./files";

test("a folder of tables is counted, a file or two are named", () => {
  const [one, two, three] = ["orders.csv", "items.csv", "payments.csv"].map((name) => ({ name }));
  if (!one || !two || !three) throw new Error("three files");
  expect(namesOf([one])).toBe("orders.csv");
  expect(namesOf([one, two])).toBe("orders.csv and items.csv");
  expect(namesOf([one, two, three])).toBe("These 3 files");
});
