/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The basic types of the ATA port interface.
 *
 * Both sides of the border read this file: miniport sources, and the Linux
 * files that implement the interface.  So it holds types only, each of which
 * may stand next to the kernel's own headers in either order (ACPI, for one,
 * has a BOOLEAN, TRUE and FALSE too).  Words that only a miniport needs, and
 * that would be a nuisance anywhere else, are in ntrtl.h.
 */
#ifndef _NTDEF_
#define _NTDEF_

/*
 * Microsoft's LLP64: long stays at 32 bits there, hence int here.  Only the
 * _PTR types grow with the machine.
 */
typedef void VOID, *PVOID;
typedef void **PPVOID;

typedef char CHAR, *PCHAR;
typedef char CCHAR, *PCCHAR;
typedef signed char SCHAR, *PSCHAR;
typedef unsigned char UCHAR, *PUCHAR;
typedef unsigned char BOOLEAN, *PBOOLEAN;
typedef short SHORT, *PSHORT;
typedef short CSHORT, *PCSHORT;
typedef unsigned short USHORT, *PUSHORT;
typedef int LONG, *PLONG;
typedef unsigned int ULONG, *PULONG;
typedef long long LONGLONG, *PLONGLONG;
typedef unsigned long long ULONGLONG, *PULONGLONG;
typedef long LONG_PTR, *PLONG_PTR;
typedef unsigned long ULONG_PTR, *PULONG_PTR;
typedef unsigned short WCHAR, *PWCHAR, *PWSTR;

#ifndef FALSE
#define FALSE	0
#endif
#ifndef TRUE
#define TRUE	1
#endif

typedef LONG NTSTATUS, *PNTSTATUS;

typedef union _LARGE_INTEGER {
	struct {
		ULONG LowPart;
		LONG HighPart;
	};
	struct {
		ULONG LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
	struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
	ULONG Data1;
	USHORT Data2;
	USHORT Data3;
	UCHAR Data4[8];
} GUID, *PGUID;
#endif

/* Length and MaximumLength count bytes, not characters. */
typedef struct _UNICODE_STRING {
	USHORT Length;
	USHORT MaximumLength;
	PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;

/* DriverEntry gets one of these and hands it on; nobody looks inside. */
typedef struct _DRIVER_OBJECT DRIVER_OBJECT, *PDRIVER_OBJECT;

/* A structure as a device sends it, without padding; sparse knows it too. */
#define NT_PACKED	__attribute__((__packed__))

#endif /* _NTDEF_ */
