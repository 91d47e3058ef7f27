import { cookies } from "next/headers";
import { TIME_ZONE_COOKIE } from "@/components/ui/time-zone";
import { isTimeZone } from "@/lib/format";

/** The reader's time zone as their browser told it; UTC until then. */
export async function readerZone(): Promise<string> {
  const zone = (await cookies()).get(TIME_ZONE_COOKIE)?.value;
  return zone && isTimeZone(zone) ? zone : "UTC";
}
