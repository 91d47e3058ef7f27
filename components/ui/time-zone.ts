/** Where the reader's time zone is kept, so that the server groups and prints times as the browser does. */
export const TIME_ZONE_COOKIE = "slipway_tz";
