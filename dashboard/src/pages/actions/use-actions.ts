import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Limits, pageOfActions } from "@/api/actions";

const PAGE = 200;

/** The list as far as it was looked at; more is fetched where the reader comes near its end. */
export function useActions(limits: Limits) {
  const found = useInfiniteQuery({
    queryKey: ["get", "/api/v1/actions", "all", limits],
    initialPageParam: null as string | null,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => pageOfActions(limits, { limit: PAGE, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  return { ...found, rows, first: found.data?.pages[0] };
}

export type Listed = ReturnType<typeof useActions>;
