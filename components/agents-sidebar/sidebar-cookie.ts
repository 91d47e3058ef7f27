/** Whether the sidebar is hidden: a cookie, so that the server draws it right at once. */
export const SIDEBAR_COOKIE = "slipway_sidebar";
export const SIDEBAR_HIDDEN = "hidden";
