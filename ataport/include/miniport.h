/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The first header of a miniport source: makes GCC and Clang, with the flags
 * that Linux modules are compiled with, speak the C that miniports are written
 * in.  Miniports include this one, ata.h and irb.h, and no Linux header; Linux
 * files never include this one.
 *
 *	ntdef.h		basic types
 *	ntsal.h		source annotations: all of them nothing
 *	ntstatus.h	NTSTATUS values
 *	ntrtl.h		run-time helpers, inline
 *
 * Nothing here needs a symbol of the kernel but memcpy, memmove, memset and
 * memcmp: whatever else a miniport wants, it asks of the port driver.
 */
#ifndef _MINIPORT_
#define _MINIPORT_

#ifdef _LINUX_TYPES_H
#error "miniport.h is for miniport sources; a Linux file includes irb.h alone"
#endif

/* Plain words, which GCC takes for the name of the system */
#undef linux
#undef unix

/*
 * kbuild includes <linux/kconfig.h> before anything else.  IS_ENABLED is a fine
 * name for a bit of an interrupt status register.
 */
#undef IS_ENABLED
#undef IS_BUILTIN
#undef IS_MODULE
#undef IS_REACHABLE

/* What Microsoft's compiler predefines, and sources ask for */
#ifndef _WIN32
#define _WIN32			1
#endif
#if __SIZEOF_POINTER__ == 8 && !defined(_WIN64)
#define _WIN64			1
#endif
#ifdef __x86_64__
#define _AMD64_			1
#define _M_AMD64		100
#define _M_X64			100
#elif defined(__aarch64__)
#define _ARM64_			1
#define _M_ARM64		1
#endif

/* A free build, unless the miniport's flags say otherwise */
#ifndef DBG
#define DBG			0
#endif

#include "ntdef.h"

/*
 * __inline gives a function internal linkage, with "static" in front of it or
 * without.  The kernel's own definition, gnu_inline, would emit a global
 * function wherever "static" is missing, hence a clash as soon as a header
 * is read twice.
 *
 * C's own inline emits nothing, and always_inline sees to it that nothing is
 * missed.  Two things need the word "static" nevertheless: taking the address
 * of such a function, which ends in an undefined symbol of its name, and a
 * plain prototype in front of it in a header, which makes it global again.
 */
#undef inline
#undef __inline
#undef __inline__
#define NT_INLINE	__inline__ __attribute__((__always_inline__, __unused__))
#define __inline		NT_INLINE
#define _inline			NT_INLINE
#define inline			NT_INLINE
#define __forceinline		NT_INLINE
#define _forceinline		NT_INLINE
#define FORCEINLINE		NT_INLINE
#define CFORCEINLINE		NT_INLINE

/* Calling conventions: the kernel has one */
#define __cdecl
#define _cdecl
#define __stdcall
#define _stdcall
#define __fastcall
#define _fastcall
#define __vectorcall
#define __thiscall
#define __pascal
#define cdecl
#define pascal
#define NTAPI
#define NTAPI_INLINE
#define FASTCALL
#define STDCALL
#define CDECL
#define WINAPI
#define WINAPIV
#define CALLBACK
#define APIENTRY
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTKERNELAPI
#define NTHALAPI
#define NTKRNLVISTAAPI
#define ATAPORT_API
#define DDKAPI

/* Other words of Microsoft's compiler */
#undef __int8
#undef __int16
#undef __int32
#undef __int64
#define __int8			char
#define __int16			short
#define __int32			int
#define __int64			long long
#define _int64			long long
#define __ptr32
#define __ptr64
#define POINTER_32
#define POINTER_64
#define __w64
#define __unaligned
#define UNALIGNED
#define UNALIGNED64
#define RESTRICTED_POINTER	__restrict__
#ifndef __clang__	/* which has __pragma itself */
#define __pragma(...)
#endif
#define __noop(...)		((void)0)
#define __assume(e)		((e) ? (void)0 : __builtin_unreachable())
#define __debugbreak()		AtaPortDebugBreak(NULL)
#define DbgBreakPoint()		AtaPortDebugBreak(NULL)
#define DbgRaiseAssertionFailure()	AtaPortDebugBreak(NULL)

/*
 * __declspec, for what makes sense in a module.  One that is not here stops
 * the build with its own name behind NT_DECLSPEC_.
 */
#undef __declspec
#define __declspec(x)			NT_DECLSPEC_##x
#define _declspec(x)			NT_DECLSPEC_##x
#define NT_DECLSPEC_align(n)		__attribute__((__aligned__(n)))
#define NT_DECLSPEC_deprecated
#define NT_DECLSPEC_dllexport
#define NT_DECLSPEC_dllimport
#define NT_DECLSPEC_guard(x)
#define NT_DECLSPEC_noalias
#define NT_DECLSPEC_noinline		__attribute__((__noinline__))
#define NT_DECLSPEC_noreturn		__attribute__((__noreturn__))
#define NT_DECLSPEC_nothrow
#define NT_DECLSPEC_novtable
#define NT_DECLSPEC_restrict
#define NT_DECLSPEC_safebuffers
#define NT_DECLSPEC_selectany		__attribute__((__weak__))
#define NT_DECLSPEC_uuid(x)

#define DECLSPEC_ALIGN(n)		__declspec(align(n))
#define DECLSPEC_CACHEALIGN		__declspec(align(64))
#define DECLSPEC_DEPRECATED
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_EXPORT
#define DECLSPEC_IMPORT
#define DECLSPEC_NOINLINE		__declspec(noinline)
#define DECLSPEC_NORETURN		__declspec(noreturn)
#define DECLSPEC_NOTHROW
#define DECLSPEC_SELECTANY		__declspec(selectany)

#define CONST				const
#define VOLATILE			volatile
#ifdef __cplusplus
#define EXTERN_C			extern "C"
#else
#define EXTERN_C			extern
#endif

#include "ntsal.h"
#include "ntstatus.h"
#include "ntrtl.h"

#endif /* _MINIPORT_ */
