import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo } from "react";
import { pageOfCustomers } from "@/api/customers";
import type { Asked } from "./asked";
import type { Feature } from "./kinds";

const PAGE = 500;

/** The list as far as it was looked at; more is fetched where the reader comes near its end. */
export function useCustomers(asked: Asked, columns: readonly Feature[], enabled: boolean) {
  const search = useDeferredValue(asked.search);
  const names = columns.map((column) => column.name).join();
  const sort =
    columns.some((column) => column.name === asked.sort.replace(/^-/, "")) || asked.sort.endsWith("customer_id")
      ? asked.sort
      : undefined;
  const query = { where: [...asked.where], search: search || undefined, sort, columns: names, limit: PAGE };
  const found = useInfiniteQuery({
    queryKey: ["get", "/api/v1/customers", "all", query],
    enabled: enabled && names !== "",
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => pageOfCustomers({ ...query, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  return { ...found, rows, first: found.data?.pages[0] };
}

export type Listed = ReturnType<typeof useCustomers>;
