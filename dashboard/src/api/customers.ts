/** Pages of the list of customers. The address also hands out files, so what comes as JSON is named here, once. */
import { useQuery } from "@tanstack/react-query";
import { api } from "./client";
import type { components, operations } from "./schema";

export type CustomerPage = components["schemas"]["Customers"];
export type CustomerRow = CustomerPage["items"][number];

type Query = NonNullable<operations["list_customers_api_v1_customers_get"]["parameters"]["query"]>;

export async function pageOfCustomers(query: Query, signal?: AbortSignal): Promise<CustomerPage> {
  const { data } = await api.GET("/api/v1/customers", { params: { query }, signal });
  return data as CustomerPage;
}

/** The first customers of a list. */
export function useFirstCustomers(query: Query, options: { enabled?: boolean; retry?: boolean } = {}) {
  return useQuery({
    queryKey: ["get", "/api/v1/customers", "first", query],
    queryFn: ({ signal }) => pageOfCustomers(query, signal),
    ...options,
  });
}
