/** What stands as the result of a call that was stopped, for the model and for the page. Loaded by browser and server. */

export const INTERRUPTED_RESULT =
  "The call was interrupted before it produced a result. It may have had effects: verify.";
