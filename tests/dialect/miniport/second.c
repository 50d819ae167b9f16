// SPDX-License-Identifier: GPL-2.0-only
/*++

    The second source of the dialect check: the annotations of today, and what
    only shows when there are two sources, the linkage of their helpers.

--*/

#include "miniport.h"
#include "ata.h"
#include "irb.h"
#include "dialect.h"

#pragma warning(disable: 4206)

_Function_class_(DRIVER_INITIALIZE)
_IRQL_requires_max_(DISPATCH_LEVEL)
_IRQL_requires_same_
_Must_inspect_result_
_Success_(return != FALSE)
_When_(Count == 0, _Post_satisfies_(return == FALSE))
static BOOLEAN NTAPI
SecondAnnotated(
    _In_ PVOID Context,
    _In_opt_ PVOID Optional,
    _Out_opt_ PULONG Value,
    _Inout_opt_ PULONG Both,
    _In_reads_(Count) const ULONG *Array,
    _In_reads_bytes_opt_(Count) PVOID Buffer,
    _Out_writes_bytes_to_opt_(Count, *Value) PUCHAR Bytes,
    _Inout_updates_bytes_(Count) PUCHAR Updates,
    _Outptr_result_maybenull_ PVOID *Result,
    _In_range_(1, 10) ULONG Count,
    _In_z_ _Printf_format_string_ PCSTR Format,
    _Reserved_ PVOID Reserved
    );

_Use_decl_annotations_
static BOOLEAN NTAPI
SecondAnnotated(
    PVOID Context,
    PVOID Optional,
    PULONG Value,
    PULONG Both,
    const ULONG *Array,
    PVOID Buffer,
    PUCHAR Bytes,
    PUCHAR Updates,
    PVOID *Result,
    ULONG Count,
    PCSTR Format,
    PVOID Reserved
    )
{
    UNREFERENCED_PARAMETER(Optional);
    _Analysis_assume_(Count > 0);
    if (Value)
        *Value = Array[Count - 1];
    return Context != NULL;
}

// dialect.c has a routine of this name too, which returns 1
__inline ULONG SecondHelper(VOID) { return 2; }
__forceinline ULONG __fastcall SecondForced(ULONG x) { return x + SecondHelper(); }
static FORCEINLINE ULONG SecondStatic(ULONG x) { return x + 1; }

/* Declared before, defined inline after */
ULONG SecondLater(ULONG x);
__inline ULONG SecondLater(ULONG x) { return x - 1; }

DECLSPEC_NOINLINE ULONG SecondPlain(ULONG x)
{
    return x * 5;
}

__declspec(align(64)) static UCHAR SecondAligned[64];
DECLSPEC_ALIGN(32) static UCHAR SecondAlignedToo[3];
DECLSPEC_SELECTANY CONST ULONG SecondAny = 11;

typedef struct DECLSPEC_ALIGN(16) _SECOND_ALIGNED {
    UCHAR Byte;
} SECOND_ALIGNED;

EXTERN_C ULONG __cdecl SecondPlain(ULONG x);

static ULONG (__stdcall *SecondPointer)(ULONG) = SecondPlain;

VOID NTAPI
DialectSecond(
    VOID
    )
{
    ULONG Array[2] = {3, 4};
    ULONG Value = 0;
    GUID Copy = GUID_DIALECT;
    LPCGUID Guid = &GUID_DIALECT;
    wchar_t Text[] = L"\x00e9";
    unsigned char *p = "signed or not";

    CHECK(SecondAnnotated(&Value, NULL, &Value, NULL, Array, NULL, NULL, NULL, NULL, 2, "", NULL));
    CHECK(Value == 4);
    CHECK(SecondForced(1) == 3 && SecondStatic(1) == 2 && SecondPointer(2) == 10);
    CHECK(SecondLater(1) == 0 && DialectTwice(1) == 2 && DialectThrice(1) == 3);
    CHECK((ULONG_PTR)SecondAligned % 64 == 0 && (ULONG_PTR)SecondAlignedToo % 32 == 0);
    CHECK(sizeof(SECOND_ALIGNED) == 16 && SecondAny == 11);
    CHECK(DialectShared == 7);
    CHECK(IsEqualGUID(Guid, &Copy) && Guid->Data2 == 0x8b86 && Guid->Data4[7] == 0xff);
    Copy.Data4[7] = 0;
    CHECK(!IsEqualGUID(Guid, &Copy));
    CHECK(sizeof(Text) == 4 && Text[0] == 0xe9);
    CHECK(p[0] == 's');
    C_ASSERT(sizeof(Text[0]) == sizeof(WCHAR));
    PAGED_CODE();
}
