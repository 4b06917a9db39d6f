import { expect, test } from "vitest";
import { droppedFiles } from "./dropped";

const file = (name: string) => ({
  name,
  isFile: true,
  isDirectory: false,
  file: (done: (file: File) => void) => done(new File(["x"], name)),
});

const folder = (name: string, ...parts: unknown[][]) => ({
  name,
  isFile: false,
  isDirectory: true,
  createReader: () => ({ readEntries: (done: (found: unknown[]) => void) => done(parts.shift() ?? []) }),
});

const dropped = (...entries: unknown[]) =>
  droppedFiles({
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
    files: [new File(["x"], "as-it-is.csv")],
  } as unknown as DataTransfer);

test("a folder stands for all files in it, however many parts it hands them out in", async () => {
  const found = await dropped(folder("shop", [file("a.csv"), folder("more", [file("b.csv")])], [file(".hidden")]));
  expect(found.map((each) => each.name)).toEqual(["a.csv", "b.csv"]);
});

test("files without a folder are taken as they are", async () => {
  expect((await dropped(file("a.csv"))).map((each) => each.name)).toEqual(["as-it-is.csv"]);
});
