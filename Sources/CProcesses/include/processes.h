#ifndef DESCENT_PROCESSES_H
#define DESCENT_PROCESSES_H
// What the kernel offers for processes and what Swift cannot call: variadic functions, and what must happen between fork and exec.
#include <sys/types.h>

/// Makes the calling process the new parent of orphans below it.
/// Returns 0, or an error number.
int descent_become_subreaper(void);

/// A descriptor that becomes readable when a child ended; SIGCHLD is blocked from then on in the calling thread.
/// Returns it, or -1 with errno.
int descent_child_descriptor(void);

/// Makes a pipe that programs do not inherit, with both ends at numbers of 16 and more and, where the kernel allows it, room for so many
/// bytes (0 = as it comes).
/// Returns 0, or an error number.
int descent_pipe(int ends[2], int bytes);

/// Lets nothing but descriptors 0 to `last` reach programs that this process starts.
void descent_close_on_exec_above(int last);

/// Forks, and runs a program in a process group of its own, with signals as a shell would set them. The program is killed when the
/// thread that calls ends. Call from a process with one thread.
/// - folder: its working folder.
/// - input, output, errors: its first three descriptors.
/// Returns its process id, or minus the error number of the step that failed.
pid_t descent_run(const char *folder, char *const arguments[], int input, int output, int errors);
#endif
