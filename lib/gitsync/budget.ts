/** What is left of each token's requests at a host, as the host said last. In memory of one process; a hit limit is a row. */
import type { Clock } from "@/lib/clock";
import { GitHostError } from "@/lib/gitproviders/git-host-error";
import type { HostLimits } from "@/lib/gitproviders/port";

/** The last tenth of a window is left for what people do and what was just pushed. */
const RESERVED_SHARE = 0.1;

export type Budget = {
  note(scope: string, limits: HostLimits): void;
  /** @throws BudgetSpent when only the reserve is left and `isUrgent` is not said, or nothing at all. */
  check(scope: string, options: { isUrgent: boolean }): void;
};

/** Not the host's refusal but our own thrift: nobody needs to hear of it. */
export class BudgetSpent extends GitHostError {
  constructor(resetAt: number) {
    super("rate_limited", "The requests of this hour are kept for what people do.", { retryAt: resetAt });
  }
}

export function createBudget(clock: Clock): Budget {
  const known = new Map<string, HostLimits>();
  return {
    note: (scope, limits) => void known.set(scope, limits),
    check(scope, { isUrgent }) {
      const limits = known.get(scope);
      if (!limits || limits.resetAt <= clock.now()) return;
      const reserve = isUrgent ? 0 : limits.limit * RESERVED_SHARE;
      if (limits.remaining <= reserve) throw new BudgetSpent(limits.resetAt);
    },
  };
}
