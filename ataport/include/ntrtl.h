/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What miniports take for granted besides the ATA port interface: helper
 * macros, memory, interlocked operations, bit scans, lists, identifiers.
 * All of it is inline; only miniport.h includes it.
 */
#ifndef _NTRTL_
#define _NTRTL_

#include "ntdef.h"

/*
 * Types
 */
#ifndef NULL
#define NULL			((void *)0)
#endif

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef unsigned short wchar_t;
typedef long intptr_t;
typedef unsigned long uintptr_t;
typedef __builtin_va_list va_list;
#define va_start(List, Last)	__builtin_va_start(List, Last)
#define va_arg(List, Type)	__builtin_va_arg(List, Type)
#define va_end(List)		__builtin_va_end(List)
#define va_copy(To, From)	__builtin_va_copy(To, From)

typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;
typedef ULONG_PTR DWORD_PTR, *PDWORD_PTR;
typedef LONG_PTR INT_PTR, *PINT_PTR;
typedef ULONG_PTR UINT_PTR, *PUINT_PTR;

typedef int INT, *PINT;
typedef unsigned int UINT, *PUINT;
typedef float FLOAT;
typedef int BOOL, *PBOOL;
typedef unsigned char BYTE, *PBYTE;
typedef unsigned short WORD, *PWORD;
typedef unsigned int DWORD, *PDWORD;
typedef unsigned long long DWORDLONG, *PDWORDLONG;
typedef ULONG LOGICAL, *PLOGICAL;
typedef signed char INT8, *PINT8;
typedef short INT16, *PINT16;
typedef int INT32, *PINT32;
typedef long long INT64, *PINT64;
typedef unsigned char UINT8, *PUINT8;
typedef unsigned short UINT16, *PUINT16;
typedef unsigned int UINT32, *PUINT32;
typedef unsigned long long UINT64, *PUINT64;
typedef int LONG32, *PLONG32;
typedef unsigned int ULONG32, *PULONG32;
typedef unsigned int DWORD32, *PDWORD32;
typedef long long LONG64, *PLONG64;
typedef unsigned long long ULONG64, *PULONG64;
typedef unsigned long long DWORD64, *PDWORD64;

typedef const void *PCVOID, *LPCVOID;
typedef void *LPVOID, *HANDLE, **PHANDLE;
typedef CHAR *PSTR, *LPSTR, *PSZ;
typedef const CHAR *PCSTR, *LPCSTR, *PCSZ;
typedef WCHAR *LPWSTR, *NTSTRSAFE_PWSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR, *PCWCH;
typedef const UCHAR *PCUCHAR;
typedef const USHORT *PCUSHORT;
typedef const ULONG *PCULONG;

typedef UCHAR KIRQL, *PKIRQL;
typedef ULONG_PTR KAFFINITY, *PKAFFINITY;
typedef CCHAR KPROCESSOR_MODE;

/* For annotations and comments; a miniport has no way to change its level */
#define PASSIVE_LEVEL		0
#define LOW_LEVEL		0
#define APC_LEVEL		1
#define DISPATCH_LEVEL		2

typedef struct _STRING {
	USHORT Length;
	USHORT MaximumLength;
	PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;

typedef const UNICODE_STRING *PCUNICODE_STRING;

#define ANSI_NULL		((CHAR)0)
#define UNICODE_NULL		((WCHAR)0)

/* "DRIVER_INITIALIZE DriverEntry;" declares the entry point of a miniport */
typedef NTSTATUS DRIVER_INITIALIZE(PDRIVER_OBJECT DriverObject,
				   PUNICODE_STRING RegistryPath);
typedef DRIVER_INITIALIZE *PDRIVER_INITIALIZE;

#define MINCHAR			((CHAR)0x80)
#define MAXCHAR			((CHAR)0x7f)
#define MAXUCHAR		((UCHAR)0xff)
#define MINSHORT		((SHORT)0x8000)
#define MAXSHORT		((SHORT)0x7fff)
#define MAXUSHORT		((USHORT)0xffff)
#define MINLONG			((LONG)0x80000000)
#define MAXLONG			((LONG)0x7fffffff)
#define MAXULONG		((ULONG)0xffffffff)
#define MAXLONGLONG		((LONGLONG)0x7fffffffffffffffLL)
#define MAXULONGLONG		((ULONGLONG)0xffffffffffffffffULL)
#define MAXULONG_PTR		(~(ULONG_PTR)0)

/*
 * Structures and expressions
 */
#define FIELD_OFFSET(Type, Field)	((LONG)__builtin_offsetof(Type, Field))
#define UFIELD_OFFSET(Type, Field)	((ULONG)__builtin_offsetof(Type, Field))
#undef offsetof
#define offsetof(Type, Field)		__builtin_offsetof(Type, Field)
#define RTL_FIELD_SIZE(Type, Field)	sizeof(((Type *)0)->Field)
#define RTL_SIZEOF_THROUGH_FIELD(Type, Field)				\
	(__builtin_offsetof(Type, Field) + RTL_FIELD_SIZE(Type, Field))
#define RTL_CONTAINS_FIELD(Struct, Size, Field)				\
	((PCHAR)(&(Struct)->Field) + sizeof((Struct)->Field) <=		\
	 (PCHAR)(Struct) + (Size))
#define CONTAINING_RECORD(Address, Type, Field)				\
	((Type *)((PCHAR)(Address) - __builtin_offsetof(Type, Field)))

#define RTL_NUMBER_OF(Array)		(sizeof(Array) / sizeof((Array)[0]))
#define RTL_NUMBER_OF_FIELD(Type, Field)				\
	RTL_NUMBER_OF(((Type *)0)->Field)
#define ARRAYSIZE(Array)		RTL_NUMBER_OF(Array)
#define _countof(Array)			RTL_NUMBER_OF(Array)

/* Microsoft's evaluate an argument twice, and are constant expressions */
#ifndef min
#define min(a, b)		(((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b)		(((a) > (b)) ? (a) : (b))
#endif

#define C_ASSERT(e)		_Static_assert((e), #e)

#define UNREFERENCED_PARAMETER(P)		((void)(P))
#define DBG_UNREFERENCED_PARAMETER(P)		((void)(P))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(V)	((void)(V))

#define PtrToUlong(p)		((ULONG)(ULONG_PTR)(p))
#define PtrToLong(p)		((LONG)(LONG_PTR)(p))
#define UlongToPtr(ul)		((VOID *)(ULONG_PTR)(ul))
#define LongToPtr(l)		((VOID *)(LONG_PTR)(l))

#define ALIGN_DOWN_BY(Value, Alignment)					\
	((ULONG_PTR)(Value) & ~((ULONG_PTR)(Alignment) - 1))
#define ALIGN_UP_BY(Value, Alignment)					\
	ALIGN_DOWN_BY((ULONG_PTR)(Value) + (Alignment) - 1, Alignment)
#define ALIGN_DOWN(Value, Type)		ALIGN_DOWN_BY(Value, sizeof(Type))
#define ALIGN_UP(Value, Type)		ALIGN_UP_BY(Value, sizeof(Type))

#define Int32x32To64(a, b)		((LONGLONG)(LONG)(a) * (LONG)(b))
#define UInt32x32To64(a, b)		((ULONGLONG)(ULONG)(a) * (ULONG)(b))
#define Int64ShllMod32(v, n)		((ULONGLONG)(v) << ((n) & 31))
#define Int64ShrlMod32(v, n)		((ULONGLONG)(v) >> ((n) & 31))
#define Int64ShraMod32(v, n)		((LONGLONG)(v) >> ((n) & 31))

/*
 * Debugging
 *
 * DbgPrint is the loudest level of AtaPortDebugPrint.  The Kd and ASSERT
 * families are there in a checked build (-DDBG=1), and nothing otherwise.
 */
VOID AtaPortDebugPrint(ULONG DebugPrintLevel, PCCHAR DebugMessage, ...);
VOID AtaPortDebugBreak(PVOID ChannelExtension);

#define DbgPrint(...)		AtaPortDebugPrint(0, __VA_ARGS__)
#define DbgPrintEx(Id, Level, ...)	AtaPortDebugPrint(0, __VA_ARGS__)

#define PAGED_CODE()		((void)0)
#define PAGED_CODE_LOCKED()	((void)0)
#define NON_PAGED_CODE()	((void)0)

static __inline BOOLEAN RtlAssert(const CHAR *Condition, const CHAR *File,
				  ULONG Line)
{
	AtaPortDebugPrint(0, (PCCHAR)"assertion failed: %s, %s line %u\n",
			  Condition, File, Line);
	AtaPortDebugBreak(NULL);
	return FALSE;
}

#if DBG
#define KdPrint(Arguments)	DbgPrint Arguments
#define KdPrintEx(Arguments)	DbgPrintEx Arguments
#define KdBreakPoint()		DbgBreakPoint()
#define ASSERT(e)							\
	((void)((e) ? TRUE : RtlAssert(#e, __FILE__, __LINE__)))
#define ASSERTMSG(Message, e)						\
	((void)((e) ? TRUE : RtlAssert(Message, __FILE__, __LINE__)))
#define NT_ASSERT(e)							\
	((e) ? TRUE : RtlAssert(#e, __FILE__, __LINE__))
#define NT_VERIFY(e)		NT_ASSERT(e)
#define RTL_VERIFY(e)		NT_ASSERT(e)
#else
#define KdPrint(Arguments)	((void)0)
#define KdPrintEx(Arguments)	((void)0)
#define KdBreakPoint()		((void)0)
#define ASSERT(e)		((void)0)
#define ASSERTMSG(Message, e)	((void)0)
#define NT_ASSERT(e)		((void)0)
#define NT_VERIFY(e)		((e) ? TRUE : FALSE)
#define RTL_VERIFY(e)		((e) ? TRUE : FALSE)
#endif
#define NT_ASSERTMSG(Message, e)	ASSERTMSG(Message, e)

/*
 * Memory
 */
void *memcpy(void *Destination, const void *Source, size_t Length);
void *memmove(void *Destination, const void *Source, size_t Length);
void *memset(void *Destination, int Fill, size_t Length);
int memcmp(const void *First, const void *Second, size_t Length);

#define RtlCopyMemory(Destination, Source, Length)			\
	((void)memcpy((Destination), (Source), (Length)))
#define RtlMoveMemory(Destination, Source, Length)			\
	((void)memmove((Destination), (Source), (Length)))
#define RtlFillMemory(Destination, Length, Fill)			\
	((void)memset((Destination), (Fill), (Length)))
#define RtlZeroMemory(Destination, Length)				\
	((void)memset((Destination), 0, (Length)))
#define RtlEqualMemory(First, Second, Length)				\
	(!memcmp((First), (Second), (Length)))
#define RtlCopyBytes(Destination, Source, Length)			\
	RtlCopyMemory(Destination, Source, Length)
#define RtlZeroBytes(Destination, Length)				\
	RtlZeroMemory(Destination, Length)
#define RtlFillBytes(Destination, Length, Fill)				\
	RtlFillMemory(Destination, Length, Fill)
#define CopyMemory		RtlCopyMemory
#define MoveMemory		RtlMoveMemory
#define FillMemory		RtlFillMemory
#define ZeroMemory		RtlZeroMemory

/* How many bytes are equal, from the start */
static __inline SIZE_T RtlCompareMemory(const VOID *First, const VOID *Second,
					SIZE_T Length)
{
	const UCHAR *a = (const UCHAR *)First;
	const UCHAR *b = (const UCHAR *)Second;
	SIZE_T i;

	for (i = 0; i < Length; i++) {
		if (a[i] != b[i])
			break;
	}
	return i;
}

/* A memset that is not optimized away */
static __inline PVOID RtlSecureZeroMemory(PVOID Destination, SIZE_T Length)
{
	volatile UCHAR *p = (volatile UCHAR *)Destination;

	while (Length--)
		*p++ = 0;
	return Destination;
}

#define RtlUshortByteSwap(v)	__builtin_bswap16(v)
#define RtlUlongByteSwap(v)	__builtin_bswap32(v)
#define RtlUlonglongByteSwap(v)	__builtin_bswap64(v)
#define _byteswap_ushort(v)	__builtin_bswap16(v)
#define _byteswap_ulong(v)	__builtin_bswap32(v)
#define _byteswap_uint64(v)	__builtin_bswap64(v)

/*
 * Interlocked operations: each one is a full memory barrier.  Increment,
 * Decrement and Add return the new value, the others the one before.
 *
 * The __sync builtins are full barriers, but there is no plain exchange among
 * them, and the __atomic one orders less on some machines; so it is a loop.
 */
#define InterlockedIncrement(p)		NtInterlockedAdd((p), 1)
#define InterlockedDecrement(p)		NtInterlockedAdd((p), -1)
#define InterlockedAdd(p, v)		NtInterlockedAdd((p), (v))
#define InterlockedExchangeAdd(p, v)	NtInterlockedFetchAdd((p), (v))
#define InterlockedAnd(p, v)		NtInterlockedAnd((p), (v))
#define InterlockedOr(p, v)		NtInterlockedOr((p), (v))
#define InterlockedXor(p, v)		NtInterlockedXor((p), (v))
#define InterlockedExchange(p, v)	NtInterlockedExchange((p), (v))
#define InterlockedCompareExchange(p, New, Old)				\
	NtInterlockedCompareExchange((p), (New), (Old))

#define InterlockedIncrement64(p)	NtInterlockedAdd64((p), 1)
#define InterlockedDecrement64(p)	NtInterlockedAdd64((p), -1)
#define InterlockedAdd64(p, v)		NtInterlockedAdd64((p), (v))
#define InterlockedExchangeAdd64(p, v)	NtInterlockedFetchAdd64((p), (v))
#define InterlockedAnd64(p, v)		NtInterlockedAnd64((p), (v))
#define InterlockedOr64(p, v)		NtInterlockedOr64((p), (v))
#define InterlockedXor64(p, v)		NtInterlockedXor64((p), (v))
#define InterlockedExchange64(p, v)	NtInterlockedExchange64((p), (v))
#define InterlockedCompareExchange64(p, New, Old)			\
	NtInterlockedCompareExchange64((p), (New), (Old))

#define NT_INTERLOCKED(Type, Bits)					\
static __inline Type NtInterlockedAdd##Bits(volatile Type *p, Type v)	\
{									\
	return __sync_add_and_fetch(p, v);				\
}									\
static __inline Type NtInterlockedFetchAdd##Bits(volatile Type *p, Type v) \
{									\
	return __sync_fetch_and_add(p, v);				\
}									\
static __inline Type NtInterlockedAnd##Bits(volatile Type *p, Type v)	\
{									\
	return __sync_fetch_and_and(p, v);				\
}									\
static __inline Type NtInterlockedOr##Bits(volatile Type *p, Type v)	\
{									\
	return __sync_fetch_and_or(p, v);				\
}									\
static __inline Type NtInterlockedXor##Bits(volatile Type *p, Type v)	\
{									\
	return __sync_fetch_and_xor(p, v);				\
}									\
static __inline Type NtInterlockedCompareExchange##Bits(volatile Type *p, \
							Type New, Type Old) \
{									\
	return __sync_val_compare_and_swap(p, Old, New);		\
}									\
static __inline Type NtInterlockedExchange##Bits(volatile Type *p, Type v) \
{									\
	Type Old;							\
									\
	do {								\
		Old = *p;						\
	} while (!__sync_bool_compare_and_swap(p, Old, v));		\
	return Old;							\
}

NT_INTERLOCKED(LONG, )
NT_INTERLOCKED(LONGLONG, 64)
#undef NT_INTERLOCKED

/* Any pointer to a pointer will do */
static __inline PVOID InterlockedCompareExchangePointer(volatile VOID *p,
							PVOID New, PVOID Old)
{
	return __sync_val_compare_and_swap((PVOID volatile *)p, Old, New);
}

static __inline PVOID InterlockedExchangePointer(volatile VOID *p, PVOID v)
{
	PVOID Old;

	do {
		Old = *(PVOID volatile *)p;
	} while (!__sync_bool_compare_and_swap((PVOID volatile *)p, Old, v));
	return Old;
}

static __inline UCHAR InterlockedBitTestAndSet(volatile LONG *p, LONG Bit)
{
	LONG Mask = (LONG)(1U << (Bit & 31));

	return (__sync_fetch_and_or(p + (Bit >> 5), Mask) & Mask) != 0;
}

static __inline UCHAR InterlockedBitTestAndReset(volatile LONG *p, LONG Bit)
{
	LONG Mask = (LONG)(1U << (Bit & 31));

	return (__sync_fetch_and_and(p + (Bit >> 5), ~Mask) & Mask) != 0;
}

static __inline SHORT InterlockedIncrement16(volatile SHORT *p)
{
	return __sync_add_and_fetch(p, 1);
}

static __inline SHORT InterlockedDecrement16(volatile SHORT *p)
{
	return __sync_add_and_fetch(p, -1);
}

static __inline SHORT InterlockedCompareExchange16(volatile SHORT *p,
						   SHORT New, SHORT Old)
{
	return __sync_val_compare_and_swap(p, Old, New);
}

/* The same as intrinsics */
#define _InterlockedIncrement		InterlockedIncrement
#define _InterlockedDecrement		InterlockedDecrement
#define _InterlockedExchange		InterlockedExchange
#define _InterlockedExchangeAdd		InterlockedExchangeAdd
#define _InterlockedCompareExchange	InterlockedCompareExchange
#define _InterlockedAnd			InterlockedAnd
#define _InterlockedOr			InterlockedOr
#define _InterlockedXor			InterlockedXor
#define _InterlockedIncrement64		InterlockedIncrement64
#define _InterlockedDecrement64		InterlockedDecrement64
#define _InterlockedExchange64		InterlockedExchange64
#define _InterlockedExchangeAdd64	InterlockedExchangeAdd64
#define _InterlockedCompareExchange64	InterlockedCompareExchange64
#define _InterlockedAnd64		InterlockedAnd64
#define _InterlockedOr64		InterlockedOr64
#define _InterlockedXor64		InterlockedXor64
#define _InterlockedExchangePointer	InterlockedExchangePointer
#define _InterlockedCompareExchangePointer InterlockedCompareExchangePointer
#define _interlockedbittestandset	InterlockedBitTestAndSet
#define _interlockedbittestandreset	InterlockedBitTestAndReset

/* A device sees the order, too, which the compiler's own barrier does not make sure of there. */
#ifdef __aarch64__
#define KeMemoryBarrier()		__asm__ __volatile__("dmb sy" : : : "memory")
#else
#define KeMemoryBarrier()		__sync_synchronize()
#endif
#define MemoryBarrier()			KeMemoryBarrier()
#define KeMemoryBarrierWithoutFence()	__asm__ __volatile__("" : : : "memory")
#define _ReadWriteBarrier()		__asm__ __volatile__("" : : : "memory")
#define _ReadBarrier()			__asm__ __volatile__("" : : : "memory")
#define _WriteBarrier()			__asm__ __volatile__("" : : : "memory")
#if defined(__x86_64__) || defined(__i386__)
#define YieldProcessor()		__builtin_ia32_pause()
#else
#define YieldProcessor()		__asm__ __volatile__("" : : : "memory")
#endif

/*
 * Bit scans
 *
 * The BitScan family stores an index and returns whether any bit was set; as
 * on Windows, the index means nothing if none was.
 */
static __inline UCHAR _BitScanForward(ULONG *Index, ULONG Mask)
{
	if (Mask)
		*Index = (ULONG)__builtin_ctz(Mask);
	return Mask != 0;
}

static __inline UCHAR _BitScanReverse(ULONG *Index, ULONG Mask)
{
	if (Mask)
		*Index = (ULONG)(31 - __builtin_clz(Mask));
	return Mask != 0;
}

static __inline UCHAR _BitScanForward64(ULONG *Index, ULONGLONG Mask)
{
	if (Mask)
		*Index = (ULONG)__builtin_ctzll(Mask);
	return Mask != 0;
}

static __inline UCHAR _BitScanReverse64(ULONG *Index, ULONGLONG Mask)
{
	if (Mask)
		*Index = (ULONG)(63 - __builtin_clzll(Mask));
	return Mask != 0;
}

#define BitScanForward		_BitScanForward
#define BitScanReverse		_BitScanReverse
#define BitScanForward64	_BitScanForward64
#define BitScanReverse64	_BitScanReverse64

/* Index of a bit, -1 if there is none */
static __inline CCHAR RtlFindLeastSignificantBit(ULONGLONG Set)
{
	return Set ? (CCHAR)__builtin_ctzll(Set) : (CCHAR)-1;
}

static __inline CCHAR RtlFindMostSignificantBit(ULONGLONG Set)
{
	return Set ? (CCHAR)(63 - __builtin_clzll(Set)) : (CCHAR)-1;
}

/* Not __builtin_popcount, which may call a library that modules lack */
static __inline ULONG RtlNumberOfSetBitsUlongPtr(ULONG_PTR Set)
{
	ULONG Count = 0;

	for (; Set; Set &= Set - 1)
		Count++;
	return Count;
}

static __inline UCHAR _bittest(const LONG *p, LONG Bit)
{
	return ((ULONG)p[Bit >> 5] >> (Bit & 31)) & 1;
}

static __inline UCHAR _bittestandset(LONG *p, LONG Bit)
{
	UCHAR Old = _bittest(p, Bit);

	p[Bit >> 5] |= (LONG)(1U << (Bit & 31));
	return Old;
}

static __inline UCHAR _bittestandreset(LONG *p, LONG Bit)
{
	UCHAR Old = _bittest(p, Bit);

	p[Bit >> 5] &= (LONG)~(1U << (Bit & 31));
	return Old;
}

#define BitTest			_bittest
#define BitTestAndSet		_bittestandset
#define BitTestAndReset		_bittestandreset

static __inline ULONG _rotl(ULONG Value, int Shift)
{
	return Value << (Shift & 31) | Value >> (-Shift & 31);
}

static __inline ULONG _rotr(ULONG Value, int Shift)
{
	return Value >> (Shift & 31) | Value << (-Shift & 31);
}

/*
 * Lists: doubly linked and circular through a head, or singly linked
 */
typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
	struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

static __inline VOID InitializeListHead(PLIST_ENTRY ListHead)
{
	ListHead->Flink = ListHead;
	ListHead->Blink = ListHead;
}

static __inline BOOLEAN IsListEmpty(const LIST_ENTRY *ListHead)
{
	return ListHead->Flink == ListHead;
}

/* TRUE if the list is empty now */
static __inline BOOLEAN RemoveEntryList(PLIST_ENTRY Entry)
{
	PLIST_ENTRY Next = Entry->Flink;
	PLIST_ENTRY Previous = Entry->Blink;

	Previous->Flink = Next;
	Next->Blink = Previous;
	return Next == Previous;
}

/* From an empty list these two give the head itself */
static __inline PLIST_ENTRY RemoveHeadList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY Entry = ListHead->Flink;

	RemoveEntryList(Entry);
	return Entry;
}

static __inline PLIST_ENTRY RemoveTailList(PLIST_ENTRY ListHead)
{
	PLIST_ENTRY Entry = ListHead->Blink;

	RemoveEntryList(Entry);
	return Entry;
}

static __inline VOID InsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	PLIST_ENTRY Next = ListHead->Flink;

	Entry->Flink = Next;
	Entry->Blink = ListHead;
	Next->Blink = Entry;
	ListHead->Flink = Entry;
}

static __inline VOID InsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entry)
{
	PLIST_ENTRY Previous = ListHead->Blink;

	Entry->Flink = ListHead;
	Entry->Blink = Previous;
	Previous->Flink = Entry;
	ListHead->Blink = Entry;
}

/* Hang a circle of entries, which has no head of its own, behind the list */
static __inline VOID AppendTailList(PLIST_ENTRY ListHead, PLIST_ENTRY Entries)
{
	PLIST_ENTRY Last = ListHead->Blink;

	Last->Flink = Entries;
	ListHead->Blink = Entries->Blink;
	Entries->Blink->Flink = ListHead;
	Entries->Blink = Last;
}

static __inline VOID PushEntryList(PSINGLE_LIST_ENTRY ListHead,
				   PSINGLE_LIST_ENTRY Entry)
{
	Entry->Next = ListHead->Next;
	ListHead->Next = Entry;
}

static __inline PSINGLE_LIST_ENTRY PopEntryList(PSINGLE_LIST_ENTRY ListHead)
{
	PSINGLE_LIST_ENTRY Entry = ListHead->Next;

	if (Entry)
		ListHead->Next = Entry->Next;
	return Entry;
}

/*
 * Identifiers
 *
 * DEFINE_GUID makes a definition in each source, which the linker merges: it
 * does not matter who has INITGUID.
 */
typedef GUID CLSID, IID, UUID;
typedef const GUID *REFGUID, *LPCGUID;
typedef GUID *LPGUID;

#define DEFINE_GUID(Name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)	\
	const GUID Name __attribute__((__weak__, __unused__)) = {	\
		l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 }		\
	}

static __inline BOOLEAN IsEqualGUID(const GUID *First, const GUID *Second)
{
	return !memcmp(First, Second, sizeof(GUID));
}
#define InlineIsEqualGUID(First, Second)	IsEqualGUID(First, Second)
#define IsEqualIID(First, Second)		IsEqualGUID(First, Second)
#define IsEqualCLSID(First, Second)		IsEqualGUID(First, Second)

#endif /* _NTRTL_ */
