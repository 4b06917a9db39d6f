import { share, signed } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import type { Customer } from "./view";

/** Three sentences in the customer's own numbers, then what each group of reasons adds. */
export function Reasons({ customer }: { customer: Customer }) {
  const { reasons, no_reasons, forecast } = customer;
  if (!reasons || !forecast) return <p className="text-soft">{no_reasons ?? "There is no forecast yet."}</p>;
  const most = Math.max(1, ...reasons.reasons.map((reason) => Math.abs(reason.points)));
  return (
    <>
      <ol className="flex list-decimal flex-col gap-1.5 pl-5">
        {reasons.sentences.map((sentence) => (
          <li key={sentence}>{inReadersFigures(sentence)}</li>
        ))}
      </ol>
      <p className="mt-4 text-sm text-soft">
        A customer without a reason for or against: {share(reasons.typical)}. Points are percentage points of the
        chance.
      </p>
      <table className="mt-1 w-full text-sm">
        <caption className="sr-only">What each group of reasons adds to the chance to order</caption>
        <tbody>
          {reasons.reasons.slice(0, 6).map((reason) => (
            <tr key={reason.group}>
              <th scope="row" className="py-0.5 pr-3 text-left font-normal">
                {reason.group}
              </th>
              <td className="w-2/5">
                <Bar value={reason.points / most} />
              </td>
              <td className="w-14 text-right">{signed(reason.points)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** A bar to the right of the middle for what raises the chance, to the left for what lowers it. */
function Bar({ value }: { value: number }) {
  const width = Math.abs(value) * 48;
  return (
    <svg aria-hidden="true" className="block h-2.5 w-full" viewBox="0 0 100 10" preserveAspectRatio="none">
      <rect x="49.6" width="0.8" height="10" fill="var(--line-strong)" />
      <rect
        x={value >= 0 ? 50 : 50 - width}
        y="1"
        width={width}
        height="8"
        rx="1"
        fill={value >= 0 ? "var(--accent)" : "var(--risk-high)"}
      />
    </svg>
  );
}
