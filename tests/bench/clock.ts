/**
 * Milliseconds of the kernel's monotonic clock, with fractions: the same for every process of the machine, and set by
 * nobody. What `performance` calls the origin of its time is the wall clock at a process's start, which is.
 */
export const machineClock = (): number => Number(process.hrtime.bigint()) / 1e6;
