import { $api } from "@/api/client";
import { exactMoney } from "@/format/amounts";
import { day } from "@/format/times";
import { Skeleton } from "@/ui/states";
import { scaleOf } from "./timeline-scale";
import type { Customer } from "./view";

const HEIGHT = 96;
const FLOOR = 72;
const MOST = 500;

/** Orders as ticks as high as their amount, the days of silence between them, and when the next one is expected. */
export function Timeline({ customer }: { customer: Customer }) {
  const all = customer.orders.total <= customer.orders.items.length;
  const more = $api.useQuery(
    "get",
    "/api/v1/customers/{customer_id}/orders",
    { params: { path: { customer_id: customer.customer_id }, query: { limit: MOST } } },
    { enabled: !all },
  );
  const orders = all ? customer.orders.items : more.data?.items;
  if (!orders) return <Skeleton className="h-24" />;
  const scale = scaleOf(orders, customer.as_of, customer.next_order);
  const x = (place: number) => `${place * 100}%`;
  const [from, to] = scale.window ?? [0, 0];
  return (
    <figure>
      <svg
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={`${orders.length} orders since ${day(orders.at(-1)?.ordered_at)}; the list below has the latest.`}
      >
        {scale.years.map((year) => (
          <g key={year.name}>
            <line x1={x(year.x)} x2={x(year.x)} y1={6} y2={FLOOR} stroke="var(--line)" />
            <text x={x(year.x)} dx={4} y={FLOOR + 17} fontSize={11} fill="var(--soft)">
              {year.name}
            </text>
          </g>
        ))}
        {scale.window && (
          <g>
            <rect
              x={x(from)}
              width={x(Math.max(0.004, to - from))}
              y={8}
              height={FLOOR - 8}
              rx={2}
              fill="var(--accent)"
              opacity={0.18}
            />
            <line
              x1={x(from)}
              x2={x(to)}
              y1={FLOOR}
              y2={FLOOR}
              stroke="var(--accent)"
              strokeWidth={2}
              strokeDasharray="4 3"
            />
          </g>
        )}
        <line x1="0" x2={x(scale.now)} y1={FLOOR} y2={FLOOR} stroke="var(--line-strong)" />
        {scale.ticks.map(({ x: place, height, order }) => (
          <line
            key={`${order.order_id}-${order.ordered_at}`}
            x1={x(place)}
            x2={x(place)}
            y1={FLOOR}
            y2={FLOOR - height * (FLOOR - 10)}
            stroke={order.undone_at ? "var(--mark-2)" : "var(--accent)"}
            strokeDasharray={order.undone_at ? "2 2" : undefined}
            strokeWidth={2}
            strokeLinecap="round"
          >
            <title>
              {day(order.ordered_at)}, {exactMoney(order.amount, customer.currency)}
              {order.undone_at ? ", taken back" : ""}
            </title>
          </line>
        ))}
        <line x1={x(scale.now)} x2={x(scale.now)} y1={2} y2={FLOOR + 4} stroke="var(--ink)" strokeWidth={1} />
      </svg>
      <figcaption className="text-xs text-soft">
        Height is the amount, on a scale of roots. The line marks {day(customer.as_of)}
        {scale.window ? "; shaded: when the next order is expected, with a chance of one half." : "."}
      </figcaption>
    </figure>
  );
}
