/** The platform's formatters of dates, each made once: making one takes as long as using it a hundred times. Pure. */

const made = new Map<string, Intl.DateTimeFormat>();

/** Every zone in every shape that is in use; one who invents spellings of zones fills no memory. */
const MAX_MADE = 1_000;

/** @throws RangeError for a zone that the platform does not know. */
export function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    if (made.size >= MAX_MADE) made.clear();
    made.set(key, format);
  }
  return format;
}
