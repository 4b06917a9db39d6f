import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { Button } from "./button";

/** A dialog of the browser's own: it keeps the focus inside, and Escape closes it. */
export function Dialog({
  title,
  open,
  onClose,
  children,
  className = "w-[min(560px,calc(100vw-2rem))] p-6",
  bare = false,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  bare?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!open) return element.current?.close();
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>("[data-focus-first]")?.focus();
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, and so does the button within
    <dialog
      ref={element}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === element.current && onClose()}
      className="rounded-lg border border-line bg-surface"
    >
      {open && (
        <div className={className}>
          {!bare && <h2 className="mb-3 text-lg font-semibold">{title}</h2>}
          {children}
        </div>
      )}
    </dialog>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  title,
  open,
  onClose,
  onConfirm,
  action,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  action: string;
  children: ReactNode;
}) {
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <div className="text-soft">{children}</div>
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Keep it</Button>
        <Button
          look="danger"
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
