/** For whom a play is, as lines of the playbook's file: `order_count: {min: 3}`, `risk_band: [medium, high]`. */
import { decimal } from "@/format/amounts";
import { columnName, label, listed } from "@/format/words";

export type Value = string | number | boolean;
export type Test = Value | readonly Value[] | { readonly min?: number; readonly max?: number };
export type Where = Record<string, Test>;

/** What a line says that cannot be read, and what to write instead. */
export interface Unreadable {
  readonly title: string;
  readonly todo: string;
}

/** Columns whose usual name has a comma, which a sentence has enough of. */
const IN_A_SENTENCE: Record<string, string> = {
  days_since_last_order: "days since last order",
  median_gap_days: "usual gap in days",
};

const LINE = /^\s*(\w+)\s*:\s*(.+?)\s*$/;
const END = /^\s*(min|max)\s*:\s*(-?[\d.]+(?:e[+-]?\d+)?)\s*$/i;

/** A condition a line; empty lines and what follows a # are left out. */
export function readWhere(text: string): Where | Unreadable {
  const where: Where = {};
  for (const [at, whole] of text.split("\n").entries()) {
    const line = whole.replace(/(^|\s)#.*$/, "");
    if (!line.trim()) continue;
    const [, column, value] = LINE.exec(line) ?? [];
    if (column === undefined || value === undefined)
      return refused(at, line, "Write a column, a colon and what it has to be, such as order_count: {min: 3}.");
    if (column in where) return refused(at, line, `Give ${column} one line: all conditions have to hold anyway.`);
    const test = readTest(value);
    if (test === null) return refused(at, line, "Write {min: 3, max: 9}, [medium, high], a word or a number.");
    where[column] = test;
  }
  return where;
}

export function isUnreadable(found: Where | Unreadable): found is Unreadable {
  return typeof (found as Unreadable).todo === "string" && typeof (found as Unreadable).title === "string";
}

export function writeWhere(where: Where): string {
  return Object.entries(where)
    .map(([column, test]) => `${column}: ${writeTest(test)}`)
    .join("\n");
}

/** The same as a person says it: `risk is medium or high, and orders at least 3`. */
export function whereInWords(where: Where): string {
  return listed(
    Object.entries(where).map(([column, test]) => {
      const name = IN_A_SENTENCE[column] ?? columnName(column);
      if (isList(test)) return `${name} is ${either(test.map(said))}`;
      if (typeof test !== "object")
        return typeof test === "boolean" ? `${test ? "" : "not "}${name}` : `${name} is ${said(test)}`;
      const { min, max } = test;
      if (min !== undefined && max !== undefined) return `${name} from ${said(min)} to ${said(max)}`;
      return min !== undefined ? `${name} at least ${said(min)}` : `${name} at most ${said(max ?? "")}`;
    }),
  );
}

// --- parts

function refused(at: number, line: string, todo: string): Unreadable {
  return { title: `Line ${at + 1} cannot be read: ${line.trim()}`, todo };
}

function isList(test: Test): test is readonly Value[] {
  return Array.isArray(test);
}

function readTest(text: string): Test | null {
  if (text.startsWith("{")) return readRange(text);
  if (!text.startsWith("[")) return readValue(text);
  if (!text.endsWith("]")) return null;
  const values = parts(text.slice(1, -1)).map(readValue);
  return values.length && values.every((value) => value !== null) ? (values as Value[]) : null;
}

function readRange(text: string): Test | null {
  if (!text.endsWith("}")) return null;
  const range: { min?: number; max?: number } = {};
  for (const part of text.slice(1, -1).split(",")) {
    const [, name, number] = END.exec(part) ?? [];
    if (name === undefined || Number.isNaN(Number(number))) return null;
    range[name.toLowerCase() as "min" | "max"] = Number(number);
  }
  return range;
}

/** What commas part, but not those within quotes. */
function parts(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^,])+/g) ?? []).map((part) => part.trim());
}

function readValue(text: string): Value | null {
  if (/^(["']).*\1$/.test(text) && text.length > 1) return text.slice(1, -1);
  if (text === "" || /^["'[\]{}]/.test(text)) return null;
  if (text === "true" || text === "false") return text === "true";
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function writeTest(test: Test): string {
  if (isList(test)) return `[${test.map(writeValue).join(", ")}]`;
  if (typeof test !== "object") return writeValue(test);
  const ends = (["min", "max"] as const).filter((end) => test[end] !== undefined && test[end] !== null);
  return `{${ends.map((end) => `${end}: ${test[end]}`).join(", ")}}`;
}

/** A text is quoted where it would be read as something else. */
function writeValue(value: Value): string {
  if (typeof value !== "string") return String(value);
  const plain = readValue(value) === value && !/[,#:]/.test(value) && value.trim() === value;
  return plain ? value : JSON.stringify(value);
}

function said(value: Value): string {
  return typeof value === "number" ? decimal(value, 2) : label(String(value));
}

function either(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
