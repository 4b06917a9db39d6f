import clsx from "clsx";
import { type DragEvent, useRef, useState } from "react";
import { useLocation } from "wouter";
import { send } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import type { components } from "@/api/schema";
import { share } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icon";
import { ErrorNotice } from "@/ui/notice";
import { Progress } from "@/ui/progress";
import { droppedFiles } from "./dropped";

type Accepted = components["schemas"]["Accepted"];

/** Where files are dropped or chosen; what was sent is looked at on a page of its own. */
export function Picker({ primary = true }: { primary?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [, go] = useLocation();
  const started = useJobStarted();
  const take = async (files: readonly File[]) => {
    if (!files.length) return;
    const form = new FormData();
    for (const file of files) form.append("file", file);
    setError(null);
    setSent(0);
    try {
      const accepted = (await send("/api/v1/imports", form, setSent)) as Accepted;
      started();
      go(`/start/${accepted.subject}`);
    } catch (refused) {
      setError(refused);
    }
    setSent(null);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(take, setError);
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button within */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className={clsx(
          "flex flex-col items-start gap-3 rounded-lg border border-dashed p-6",
          over ? "border-accent bg-accent-wash" : "border-line-strong",
        )}
      >
        {sent === null ? (
          <>
            <Button look={primary ? "primary" : "plain"} onClick={() => input.current?.click()}>
              <Icon name="file" /> Use my orders
            </Button>
            <p className="text-soft">
              or drop files or their folder here: CSV, Excel, Parquet or a zip of tables, one row per order or order
              line, with customer, time and value.
            </p>
          </>
        ) : (
          <div className="w-full max-w-sm">
            <p className="mb-2">Sending, {share(sent)}</p>
            <Progress value={sent} label="Sending" />
          </div>
        )}
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Order files"
          onChange={(event) => void take([...(event.target.files ?? [])])}
        />
      </div>
      {error !== null && (
        <div className="mt-4">
          <ErrorNotice error={error} />
        </div>
      )}
    </div>
  );
}
