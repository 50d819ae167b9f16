/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two sources share, in the manner of a miniport's own header: inline
 * routines without "static", unions and structures without a name, packing by
 * pragma.  Its lines end in CR LF, and stay so.
 */
#pragma once

#pragma warning(disable:4201)	/* nameless struct/union */
#pragma warning(disable:4214 4200)

typedef enum _DIALECT_STATE {
    StateIdle = 0,
    StateBusy,
    StateMax
} DIALECT_STATE, *PDIALECT_STATE;

typedef struct _DIALECT_BASE {
    ULONG BaseFirst;
    ULONG BaseSecond;
} DIALECT_BASE, *PDIALECT_BASE;

typedef struct _DIALECT_EXTENSION {
    DIALECT_BASE;                       /* a structure type as a member */
    LIST_ENTRY Link;
    union {
        struct {
            UCHAR Low : 4;
            UCHAR High : 4;
        };
        UCHAR Both;
    };
    LONG References;
    DIALECT_STATE State;
    UCHAR Tail[1];                      /* and so on */
} DIALECT_EXTENSION, *PDIALECT_EXTENSION;

/* Each change of the declared type starts a new unit: 12 bytes */
typedef struct _DIALECT_BITS {
    UCHAR First : 4;
    ULONG Second : 4;
    UCHAR Third : 4;
} DIALECT_BITS;

#pragma pack(push, 1)
typedef struct _DIALECT_PACKED {
    UCHAR Byte;
    ULONG Long;
    USHORT Short;
} DIALECT_PACKED;
#pragma pack(pop)

#define DIALECT_TAG     'tlAD'

/* A macro over several lines */
#define CHECK(Condition)                                                \
    DialectCheck((BOOLEAN)((Condition) != 0), #Condition, __FILE__,     \
                 __LINE__)

typedef BOOLEAN (__stdcall *PDIALECT_ROUTINE)(IN PVOID Context, OUT PULONG Value OPTIONAL);

VOID DialectCheck(IN BOOLEAN Good, IN const CHAR *Text, IN const CHAR *File, IN ULONG Line);
VOID NTAPI DialectSecond(VOID);

extern ULONG DialectChecks;
extern ULONG DialectFailures;
extern BOOLEAN DialectBroke;

/* Read by two sources: internal linkage, or the linker complains */
__inline ULONG
DialectTwice(
    IN ULONG Value
    )
{
    return Value * 2;
}

FORCEINLINE
ULONG
DialectThrice(
    _In_ ULONG Value
    )
{
    return Value * 3;
}

static __inline ULONG __cdecl DialectSquare(ULONG Value) { return Value * Value; }

__declspec(selectany) ULONG DialectShared = 7;

// {6F9619FF-8B86-D011-B42D-00CF4FC964FF}
DEFINE_GUID(GUID_DIALECT, 0x6f9619ff, 0x8b86, 0xd011, 0xb4, 0x2d, 0x00, 0xcf, 0x4f, 0xc9, 0x64, 0xff);
