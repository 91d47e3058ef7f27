/** Rows of a small table: how many tokens of each kind, or that the provider did not tell. */
import { formatCount } from "@/lib/format";

export type TokenRow = [label: string, count: number | null];

export function TokenRows({ rows }: { rows: readonly TokenRow[] }) {
  return rows.map(([label, count]) => (
    <tr key={label}>
      <th scope="row" className="py-0.5 pr-6 text-left font-regular text-ink-2">
        {label}
      </th>
      <td className="text-right">{count === null ? "not told" : formatCount(count)}</td>
    </tr>
  ));
}
