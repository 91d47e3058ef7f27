/** JSON lines to stdout. A constant message and facts as fields; never prompts, tokens or secrets. */
import pino from "pino";
import { describeError } from "./describe-error";

const logger = pino(
  { level: "info", base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
  pino.destination({ sync: true }),
);

type Fields = Record<string, unknown>;

export const log = {
  debug: (message: string, fields: Fields = {}) => logger.debug(fields, message),
  info: (message: string, fields: Fields = {}) => logger.info(fields, message),
  warn: (message: string, fields: Fields = {}) => logger.warn(fields, message),
  error: (message: string, fields: Fields & { err?: unknown } = {}) => logger.error(fields, message),
  /** Sets the threshold (`LOG_LEVEL`); called once by the entry program. */
  setLevel: (level: string) => {
    logger.level = level;
  },
};
