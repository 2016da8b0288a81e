#ifndef DESCENT_GUARD_H
#define DESCENT_GUARD_H
#include <stddef.h>

/// Lets a mapped file shrink while it is read: from now on, pages of the region that the file no longer has read as zeros instead of
/// ending the process. The region begins at a page. Returns a number to let it go with, or -1 when too many are watched: then
/// all is as without.
int dk_guard(const void *start, size_t length);

/// Stops watching a region.
void dk_unguard(int number);
#endif
