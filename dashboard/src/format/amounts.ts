/** Numbers as people read them. Money arrives as exact text, and stays exact on its way through Intl. */

export type Amount = string | number;

const MISSING = "–";
/** Between a number and its percent sign: the two stay on one line. */
const NARROW = "\u00a0";

const locale = (): string => (typeof navigator === "undefined" ? "en-GB" : navigator.language);

function format(value: Amount, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale(), options).format(value as number);
}

/** Money with its sign, whole from 100 on: `£48,210`, `£12.50`. */
export function money(amount: Amount | null | undefined, currency: string | null | undefined): string {
  if (amount === null || amount === undefined) return MISSING;
  const digits = Math.abs(Number(amount)) >= 100 || Number(amount) === 0 ? 0 : 2;
  const shape = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return currency
    ? format(amount, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...shape })
    : format(amount, shape);
}

/** Money with as many decimals as were written. */
export function moneyAsWritten(amount: string, currency: string): string {
  const digits = amount.split(".")[1]?.length ?? 0;
  const shape = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return format(amount, { style: "currency", currency, currencyDisplay: "narrowSymbol", ...shape });
}

/** Money to the cent, for ledgers. */
export function exactMoney(amount: Amount, currency: string | null | undefined): string {
  return currency
    ? format(amount, { style: "currency", currency, currencyDisplay: "narrowSymbol" })
    : format(amount, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Money in a cell, whose heading has the currency. */
export function cellMoney(amount: Amount | null | undefined): string {
  if (amount === null || amount === undefined) return MISSING;
  return format(amount, { minimumFractionDigits: 0, maximumFractionDigits: 0 });
}

/** The sign of a currency, for headings: `£`. */
export function sign(currency: string | null | undefined): string {
  if (!currency) return "";
  const parts = new Intl.NumberFormat(locale(), {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(0);
  return parts.find((part) => part.type === "currency")?.value ?? currency;
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? MISSING : format(value, { maximumFractionDigits: 0 });
}

export function decimal(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? MISSING : format(value, { maximumFractionDigits: digits });
}

/** A number with all its digits, so that a column of them lines up. */
export function fixed(value: number | null | undefined, digits: number): string {
  if (value === null || value === undefined) return MISSING;
  return format(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share of 1 as percent; what is there but rounds to nothing is `under 1 %`, what is not all is not `100 %`. */
export function share(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return MISSING;
  if (value > 0 && value < 0.5 / 10 ** (digits + 2)) return `under 1${NARROW}%`;
  if (digits === 0 && value < 1 && value >= 0.995) return `over 99${NARROW}%`;
  return `${format(value * 100, { minimumFractionDigits: digits, maximumFractionDigits: digits })}${NARROW}%`;
}

/** A share where there is little room: `<1 %`. */
export function briefShare(value: number | null): string {
  return value !== null && value > 0 && value < 0.005 ? `<1${NARROW}%` : share(value);
}

/** A change with its sign: `+12.3`. */
export function signed(value: number, digits = 1): string {
  return format(value, { signDisplay: "exceptZero", minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function many(n: number, one: string, several = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : several}`;
}

export function bytes(size: number): string {
  return size < 1e6 ? `${decimal(size / 1e3, 0)} kB` : `${decimal(size / 1e6)} MB`;
}
