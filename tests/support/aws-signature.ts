/** Checks an AWS signature, version 4, the way the service does: by making it again. Pure. */
import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export type SignedRequest = { encodedPath: string; headers: IncomingHttpHeaders; body: string };

/** Whether the request was signed with this secret; the access key id, date and region are the ones it names. */
export function isSignedWith(request: SignedRequest, keys: { accessKeyId: string; secretAccessKey: string }): boolean {
  const parsed =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      request.headers.authorization ?? "",
    );
  const [, accessKeyId, date = "", region = "", signedHeaders = "", signature] = parsed ?? [];
  if (accessKeyId !== keys.accessKeyId) return false;
  const canonical = [
    "POST",
    // Encoded once more, as every service but S3 does.
    request.encodedPath.split("/").map(encodeURIComponent).join("/"),
    "",
    ...signedHeaders.split(";").map((name) => `${name}:${String(request.headers[name]).trim().replace(/\s+/g, " ")}`),
    "",
    signedHeaders,
    request.headers["x-amz-content-sha256"] ?? hash(request.body),
  ].join("\n");
  const scope = `${date}/${region}/bedrock/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hash(canonical)].join("\n");
  const key = [date, region, "bedrock", "aws4_request"].reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  return createHmac("sha256", key).update(toSign).digest("hex") === signature;
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
