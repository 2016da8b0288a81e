#ifndef CX_NCURSES_SHIM_H
#define CX_NCURSES_SHIM_H
#define NCURSES_WIDECHAR 1
#include <wchar.h>
#include <locale.h>
#include <ncurses.h>
#include <term.h>
#endif
