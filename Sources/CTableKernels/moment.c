#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "moment.h"
#include <string.h>
#include <time.h>

int dk_parse_time(const char *text, const char *pattern, dk_time *out) {
    struct tm parts;
    memset(&parts, 0, sizeof parts);
    parts.tm_mday = 1;
    parts.tm_year = 70;
    const char *rest = strptime(text, pattern, &parts);
    if (!rest || *rest) return 0;
    out->year = parts.tm_year + 1900;
    out->month = parts.tm_mon + 1;
    out->day = parts.tm_mday;
    out->seconds = parts.tm_hour * 3600 + parts.tm_min * 60 + parts.tm_sec;
    out->offset = strstr(pattern, "%z") ? (int)parts.tm_gmtoff : 0;
    return 1;
}
