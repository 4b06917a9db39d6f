import clsx from "clsx";
import type { ReactNode } from "react";
import { useEffect, useState } from "react";
import { inReadersFigures } from "@/format/figures";

const FIGURE = /((?<![\w-])-?[£$€¥]?\d(?:[\d,.]*\d)?(?:\s?%)?(?![\w-]))/;

/** A sentence whose numbers stand out. */
export function Sentence({ text }: { text: string }) {
  let at = 0;
  const unbroken = inReadersFigures(text).replace(/(\d) %/g, "$1\u00a0%");
  return unbroken.split(FIGURE).map((part) => {
    at += part.length + 1;
    return FIGURE.test(part) ? (
      <strong key={at} className="font-semibold text-ink">
        {part}
      </strong>
    ) : (
      part
    );
  });
}

/** Text with its figures as the reader writes them; anything else as it is. */
function inWords(content: ReactNode): ReactNode {
  return typeof content === "string" ? inReadersFigures(content) : content;
}

/** A page: its answer in one sentence, then the evidence. */
export function Page({
  name,
  answer,
  below,
  actions,
  wide = false,
  children,
}: {
  name: string;
  answer: ReactNode;
  below?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${name} · Holdfast`;
  }, [name]);
  return (
    <main
      id="content"
      tabIndex={-1}
      className={clsx(
        "mx-auto w-full min-w-0 px-5 py-7 md:px-9 md:py-9 outline-none",
        wide ? "max-w-[1680px]" : "max-w-[1120px]",
      )}
    >
      <p className="text-sm text-soft">{name}</p>
      <div className="mt-1.5 flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <h1 className="max-w-[46ch] text-[22px] leading-[1.3] md:text-[27px] font-normal tracking-[-0.018em] text-soft text-balance">
          {typeof answer === "string" ? <Sentence text={answer} /> : answer}
        </h1>
        {actions && <div className="flex flex-wrap gap-2 pt-1">{actions}</div>}
      </div>
      {below && <div className="mt-2.5 text-soft max-w-[80ch]">{inWords(below)}</div>}
      <div className="mt-8">{children}</div>
    </main>
  );
}

/** A part of a page: what it shows, in a heading and at most a sentence. */
export function Section({
  title,
  note,
  actions,
  children,
  className,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={clsx("mt-11 first:mt-0", className)}>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h2 className="text-lg font-semibold tracking-[-0.01em]">{title}</h2>
          {note && <div className="mt-0.5 text-sm text-soft max-w-[80ch]">{inWords(note)}</div>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      <div className="mt-4">{children}</div>
    </section>
  );
}

/** What only the analyst opens: the same numbers with their definitions; made, and asked for, once it is open. */
export function Details({ label = "Details", children }: { label?: string; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <details
      className="group mt-9 border-t border-line pt-3"
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary className="inline-flex list-none items-center gap-1 rounded text-sm text-soft hover:text-ink">
        <span className="inline-block transition-transform group-open:rotate-90">›</span> {label}
      </summary>
      {opened && <div className="mt-4">{children}</div>}
    </details>
  );
}

/** Names and values, a line each. */
export function Facts({ items }: { items: readonly (readonly [ReactNode, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(9rem,auto)_1fr] gap-x-6 gap-y-1.5 text-sm">
      {items.map(([name, value], at) => (
        <div key={at} className="contents">
          <dt className="text-soft">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
