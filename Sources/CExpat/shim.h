#ifndef CX_EXPAT_SHIM_H
#define CX_EXPAT_SHIM_H
#include <expat.h>
#endif
