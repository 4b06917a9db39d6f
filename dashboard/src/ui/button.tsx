import clsx from "clsx";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";

type Look = "primary" | "plain" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-accent-ink hover:opacity-90 border-transparent font-medium",
  plain: "bg-surface text-ink border-line hover:border-line-strong",
  quiet: "bg-transparent text-soft hover:text-ink hover:bg-sunken border-transparent",
  danger: "bg-surface text-bad border-line hover:border-bad",
};

const shape = (look: Look, small: boolean): string =>
  clsx(
    "inline-flex items-center justify-center gap-1.5 whitespace-nowrap rounded-md border transition-colors select-none",
    "disabled:opacity-50",
    small ? "h-7 px-2 text-sm" : "h-9 px-3.5 text-base",
    LOOKS[look],
  );

interface Shared {
  look?: Look;
  small?: boolean;
  children: ReactNode;
}

export function Button({
  look = "plain",
  small = false,
  className,
  type = "button",
  ...rest
}: Shared & ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type={type} className={clsx(shape(look, small), className)} {...rest} />;
}

/** A link that looks like a button, for going somewhere rather than doing something. */
export function ButtonLink({ look = "plain", small = false, href, children }: Shared & { href: string }) {
  return (
    <Link href={href} className={shape(look, small)}>
      {children}
    </Link>
  );
}
