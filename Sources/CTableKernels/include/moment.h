#ifndef DESCENT_MOMENT_H
#define DESCENT_MOMENT_H

/// A moment taken from a text: seconds since midnight, and those that its zone is ahead of UTC.
typedef struct {
    int year, month, day, seconds, offset;
} dk_time;

/// Reads a whole text by a pattern of strptime, in English whatever the locale; 0 when it does not fit.
int dk_parse_time(const char *text, const char *pattern, dk_time *out);
#endif
