/** Exit status of a role that starting again cannot help: a bad config, a database of a newer version. */
export const hopelessExitCode = 3;

/** Exit status of a role that found its address, socket or data folder in use: starting again helps once the other has gone. */
export const inUseExitCode = 4;
