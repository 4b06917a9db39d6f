/** Figures in sentences of the API, which are written as in English, as the reader writes them. */
import { count, moneyAsWritten } from "./amounts";

/** The signs that the API writes before an amount; other currencies stand behind it with their code. */
const SIGNS: Record<string, string> = {
  A$: "AUD",
  R$: "BRL",
  C$: "CAD",
  "CN¥": "CNY",
  "€": "EUR",
  "£": "GBP",
  "₹": "INR",
  "¥": "JPY",
  "₩": "KRW",
  MX$: "MXN",
  NZ$: "NZD",
  $: "USD",
};
const CODES = new Set(Intl.supportedValuesOf("currency"));

const DIGITS = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
const SIGN = Object.keys(SIGNS)
  .sort((one, other) => other.length - one.length)
  .map((sign) => sign.replaceAll("$", String.raw`\$`))
  .join("|");
const FIGURE = new RegExp(
  String.raw`(?<![\w.,-])(-?)(?:(${SIGN})(${DIGITS})|(${DIGITS}) ([A-Z]{3})\b|(\d{1,3}(?:,\d{3})+))(?![\w-]|[.,]\d)`,
  "g",
);

/** Amounts and counts of a sentence in the reader's own way; everything else, such as ids and dates, as it is. */
export function inReadersFigures(sentence: string): string {
  return sentence.replace(FIGURE, (whole, minus, sign, signed, coded, code, counted) => {
    if (sign) return moneyAsWritten(`${minus}${plain(signed)}`, SIGNS[sign] ?? "");
    if (coded) return CODES.has(code) ? moneyAsWritten(`${minus}${plain(coded)}`, code) : whole;
    return count(Number(`${minus}${plain(counted)}`));
  });
}

function plain(digits: string): string {
  return digits.replaceAll(",", "");
}
