/** Conditions such as `net_revenue>=100`, and how a person says them. */
import { count, decimal } from "@/format/amounts";
import { columnName, label, listed } from "@/format/words";

export type Operator = "=" | "!=" | ">=" | "<=" | ">" | "<";

export interface Condition {
  readonly column: string;
  readonly operator: Operator;
  readonly value: string;
}

const PATTERN = /^\s*(\w+)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*$/s;

const WORDS: Record<Operator, string> = {
  "=": "is",
  "!=": "is not",
  ">=": "at least",
  "<=": "at most",
  ">": "above",
  "<": "below",
};

export function parse(text: string): Condition | null {
  const found = PATTERN.exec(text);
  if (!found) return null;
  const [, column = "", operator = "=", value = ""] = found;
  return { column, operator: operator as Operator, value };
}

export function write({ column, operator, value }: Condition): string {
  return `${column}${operator}${value}`;
}

/** A condition as a part of a sentence: `risk is high`, `net revenue at least 100`. */
export function inWords(text: string): string {
  const condition = parse(text);
  if (!condition) return text;
  const { column, operator, value } = condition;
  if (column === "revenue_at_risk" && operator === ">" && Number(value) === 0) return "with revenue at risk";
  if (value === "true" || value === "false")
    return `${value === (operator === "=" ? "false" : "true") ? "not " : ""}${columnName(column)}`;
  return `${columnName(column)} ${WORDS[operator]} ${valueInWords(column, value)}`;
}

function valueInWords(column: string, value: string): string {
  const number = Number(value);
  if (value === "" || Number.isNaN(number)) return label(value);
  return column === "p_buy" ? `${decimal(number * 100)} %` : decimal(number, 2);
}

/** All conditions and the search as the sentence above the list. */
export function listInWords(total: number, where: readonly string[], search: string): string {
  const parts = where.map(inWords);
  if (search) parts.push(`an id that holds “${search}”`);
  const who = total === 1 ? "customer" : "customers";
  if (!parts.length) return `${count(total)} ${who} have ordered so far.`;
  const [first = "", ...rest] = parts;
  const opening = first.startsWith("with ") ? first : `with ${first}`;
  return `${count(total)} ${who} ${listed([opening, ...rest.map((part) => part.replace(/^with /, ""))])}.`;
}
