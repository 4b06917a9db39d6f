import clsx from "clsx";
import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes } from "react";
import { useId } from "react";

const BOX =
  "h-9 max-w-full rounded-md border border-line-strong/60 bg-surface px-2.5 text-base text-ink placeholder:text-soft hover:border-line-strong disabled:opacity-50";

/** A name above an input, and below it what is to be known about it. */
export function Field({
  name,
  note,
  children,
}: {
  name: string;
  note?: ReactNode;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm text-soft">
        {name}
      </label>
      {children(id)}
      {note && <p className="text-xs text-soft">{note}</p>}
    </div>
  );
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={clsx(BOX, className)} {...rest} />;
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <select className={clsx(BOX, "pr-7", className)} {...rest}>
      {children}
    </select>
  );
}

/** A choice among a few, side by side. */
export function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="inline-flex rounded-md border border-line bg-sunken p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map(([option, name]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          onClick={() => onChange(option)}
          className={clsx(
            "h-7 rounded px-2.5 text-sm",
            option === value ? "bg-surface text-ink shadow-[0_0_0_1px_var(--line)]" : "text-soft hover:text-ink",
          )}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
