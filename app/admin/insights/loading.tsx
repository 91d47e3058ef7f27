import { CostSkeleton } from "@/components/costs/cost-skeleton";

export default function Loading() {
  return <CostSkeleton />;
}
