import { decimal, money } from "@/format/amounts";
import type { Customer } from "./view";

/** What the customer has been worth and will be: so far, expected, and the span that holds eight of ten cases. */
export function Worth({ customer }: { customer: Customer }) {
  const { worth, currency } = customer;
  const historic = Number(worth.historic);
  if (worth.predicted === null || worth.total === null || worth.low === null || worth.high === null) {
    return (
      <p>
        {money(worth.historic, currency)} so far. <span className="text-soft">What is to come takes a model.</span>
      </p>
    );
  }
  const end = Math.max(worth.high, worth.total, 1) * 1.04;
  const x = (amount: number) => (Math.max(0, amount) / end) * 100;
  return (
    <>
      <p>
        <strong className="text-xl font-semibold">{money(worth.total, currency)}</strong>{" "}
        <span className="text-soft">
          in all, of which {money(worth.predicted, currency)} in the coming{" "}
          {worth.years === 1 ? "year" : `${decimal(worth.years)} years`}, discounted.
        </span>
      </p>
      <svg
        className="mt-3 block h-7 w-full"
        viewBox="0 0 100 28"
        preserveAspectRatio="none"
        role="img"
        aria-label={`From ${money(worth.low, currency)} to ${money(worth.high, currency)}`}
      >
        <rect y="8" width={x(historic)} height="12" fill="var(--accent)" />
        <rect
          x={x(historic)}
          y="8"
          width={Math.max(0, x(worth.total) - x(historic))}
          height="12"
          fill="var(--accent)"
          opacity="0.4"
        />
        <rect
          x={x(worth.low)}
          y="13"
          width={Math.max(0.5, x(worth.high) - x(worth.low))}
          height="2"
          fill="var(--ink)"
        />
        {[worth.low, worth.high].map((amount) => (
          <rect key={amount} x={x(amount)} y="9" width="0.4" height="10" fill="var(--ink)" />
        ))}
      </svg>
      <p className="text-sm text-soft">
        Solid: so far. Light: expected. Line: {money(worth.low, currency)} to {money(worth.high, currency)} in eight of
        ten cases.
      </p>
    </>
  );
}
