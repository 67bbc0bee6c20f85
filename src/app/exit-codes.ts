/** Exit status of a role that starting again cannot help: bad config, data in use, a port taken. */
export const hopelessExitCode = 3;
