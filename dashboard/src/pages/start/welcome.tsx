import { useMay } from "@/api/session";
import { Page } from "@/ui/page";
import { Picker } from "./picker";
import { TrySample } from "./sample";

const STEPS = [
  ["Your export, as it is", "Format, columns, dates and currency are found; what is doubtful is asked."],
  ["Every line accounted for", "What does not count is listed with its reason and its revenue, to the cent."],
  ["The first answer, in money", "What is at risk in the next 90 days, in whom, and why. It takes about a minute."],
] as const;

/** The first page of an empty shop: a file of one's own, or a sample. */
export function Welcome() {
  const may = useMay("analyst");
  return (
    <Page
      name="Home"
      answer="Your order history already says who is about to leave, and what that is worth."
      below="Nothing leaves this machine."
    >
      <div className="grid gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div>
          {may ? <Picker /> : <p>There are no orders here yet. Somebody with the role analyst can bring them.</p>}
          <div className="mt-6 flex flex-wrap items-center gap-4">
            <TrySample />
            <p className="max-w-[44ch] text-sm text-soft">
              5,000 invented customers and three years of orders: every page filled.
            </p>
          </div>
        </div>
        <ol className="flex flex-col gap-5">
          {STEPS.map(([title, text], at) => (
            <li key={title} className="flex gap-4">
              <span
                aria-hidden="true"
                className="grid size-7 shrink-0 place-items-center rounded-full border border-line text-sm text-soft"
              >
                {at + 1}
              </span>
              <div>
                <p className="font-medium">{title}</p>
                <p className="text-soft">{text}</p>
              </div>
            </li>
          ))}
        </ol>
      </div>
    </Page>
  );
}
