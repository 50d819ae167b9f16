// SPDX-License-Identifier: GPL-2.0-only
/*++

    The C that miniports are written in, as the interface specification lists
    it, in one source that checks itself: first generation of annotations here,
    the later one in second.c.  Nothing in these two files is good style; it is
    what the sources of other people look like.

    Lines end in CR LF.  A byte that is not ASCII: café – ©.

--*/

#include <miniport.h>
#include <ata.h>
#include <irb.h>

#include "dialect.h"

#pragma warning(push)
#pragma warning(disable : 4100 4127 4189)
#pragma intrinsic(memcpy, memset)
#pragma intrinsic(_BitScanForward)
#pragma comment(user, "dialect")
#pragma optimize("", on)

ULONG
DriverEntry(
    IN PVOID DriverObject,
    IN PVOID RegistryPath
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#endif

C_ASSERT(sizeof(ULONG) == 4);
C_ASSERT(FIELD_OFFSET(IDE_REQUEST_BLOCK, IrbFlags) == 16);

ULONG DialectChecks;
ULONG DialectFailures;
BOOLEAN DialectBroke;

#define DIALECT_BUSY ((NTSTATUS)STATUS_DEVICE_BUSY)

/* The routine that the annotations of old hang on */
static BOOLEAN __stdcall
DialectAnnotated(
    __in PVOID Context,
    __in_opt PVOID Optional,
    __out_opt PULONG Value OPTIONAL,
    __inout_opt PULONG Both,
    __in_ecount(Count) PULONG Array,
    __out_bcount_full(Count) PUCHAR Bytes,
    __in_bcount_opt(Count) PVOID Buffer,
    __deref_out_opt PVOID *Result,
    __in ULONG Count
    )
{
    UNREFERENCED_PARAMETER(Optional);
    UNREFERENCED_PARAMETER(Both);
    UNREFERENCED_PARAMETER(Array);
    UNREFERENCED_PARAMETER(Bytes);
    UNREFERENCED_PARAMETER(Buffer);
    DBG_UNREFERENCED_PARAMETER(Result);
    __analysis_assume(Count != 0);
    if (Value != NULL)
        *Value = Count;
    return Context != NULL;
}

/* Prototypes as a miniport writes them: its own extension instead of PVOID */
BOOLEAN
DialectStartIo(
    IN PDIALECT_EXTENSION ChannelExtension,
    IN PIDE_REQUEST_BLOCK Irb
    )
{
    ChannelExtension->References++;
    return Irb == NULL;
}

VOID DialectDpc(PDIALECT_EXTENSION ChannelExtension)
{
    ChannelExtension->State = StateBusy;
}

/* Each source has its own: internal linkage also without "static" */
__inline ULONG SecondHelper(VOID) { return 1; }

/* The oldest style of all */
DialectOld(First, Second)
    LONG First;
    LONG Second;
{
    return First - Second;
}

static VOID
DialectTypes(
    VOID
    )
{
    static const WCHAR Wide[] = L"ata";
    unsigned __int64 Wide64 = 0x123456789abcdef0ULL;
    LARGE_INTEGER Large;
    CHAR Small = -1;

    PAGED_CODE();

    CHECK(sizeof(ULONG) == 4 && sizeof(LONG) == 4 && sizeof(DWORD) == 4);
    CHECK((ULONG)-1 > 0 && (LONG)-1 < 0);
    CHECK(sizeof(USHORT) == 2 && sizeof(UCHAR) == 1);
    CHECK(sizeof(WCHAR) == 2 && sizeof(Wide) == 8 && Wide[1] == 't');
    CHECK(sizeof(BOOLEAN) == 1 && (BOOLEAN)-1 == 255);
    CHECK(sizeof(LONGLONG) == 8 && sizeof(unsigned __int64) == 8);
    CHECK(sizeof(__int32) == 4 && sizeof(__int16) == 2 && sizeof(__int8) == 1);
    CHECK(sizeof(PVOID) == sizeof(ULONG_PTR) && sizeof(ULONG_PTR) == sizeof(SIZE_T));
    CHECK(Small < 0);
    CHECK((ULONG)(Wide64 >> 32) == 0x12345678);
    CHECK(TRUE == 1 && FALSE == 0 && NULL == 0);
    CHECK(DIALECT_TAG == 0x746c4144);

    Large.QuadPart = -2;
    CHECK(Large.LowPart == 0xfffffffe && Large.HighPart == -1);
    Large.u.HighPart = 1;
    CHECK(Large.QuadPart == 0x1fffffffe);

    CHECK(sizeof(DIALECT_PACKED) == 7 && FIELD_OFFSET(DIALECT_PACKED, Short) == 5);
#if !defined(__aarch64__) || defined(__clang__)
    CHECK(sizeof(DIALECT_BITS) == 12);
#endif
    CHECK(sizeof(IDENTIFY_DEVICE_DATA) == 512 && sizeof(IDE_REQUEST_BLOCK) == 88);
}

static VOID
DialectExpressions(
    VOID
    )
{
    DIALECT_EXTENSION Extension, *Found;
    ULONG Array[5] = {0, 1, 2, 3, 4};
    PDIALECT_ROUTINE Routine = (PDIALECT_ROUTINE)NULL;
    ULONG Value = 0;
    PUCHAR Pointer;
    ULONG_PTR Address;
    NTSTATUS Status = STATUS_SUCCESS;

    RtlZeroMemory(&Extension, sizeof(DIALECT_EXTENSION));
    Extension.BaseFirst = 1;
    Extension.Low = 5;
    Extension.High = 0xa;
    CHECK(Extension.Both == 0xa5);
    Found = CONTAINING_RECORD(&Extension.Link, DIALECT_EXTENSION, Link);
    CHECK(Found == &Extension && Found->BaseFirst == 1);
    CHECK(FIELD_OFFSET(DIALECT_EXTENSION, BaseSecond) == 4);
    CHECK(RTL_FIELD_SIZE(DIALECT_EXTENSION, Both) == 1);

    CHECK(ARRAYSIZE(Array) == 5 && RTL_NUMBER_OF(Array) == 5);
    CHECK(min(3, 4) == 3 && max(3, 4) == 4 && min(-1, 1) == -1);
    CHECK(DialectTwice(21) == 42 && DialectThrice(14) == 42 && DialectSquare(6) == 36);
    CHECK(DialectShared == 7 && SecondHelper() == 1);
    CHECK(DialectOld(5, 7) == -2);

    CHECK(DialectAnnotated(&Value, NULL, &Value, NULL, Array, NULL, NULL, NULL, 9) && Value == 9);
    CHECK(Routine == NULL);

    /* Pointers and integers in one another's clothes */
    Address = &Array[2];
    Pointer = Address;
    CHECK(*(PULONG)Pointer == 2);
    Pointer = Array;
    CHECK(((PULONG)Pointer)[4] == 4);
    Value = (PULONG)Pointer == Array ? PtrToUlong(Pointer) : 0;
    CHECK(Value == (ULONG)(ULONG_PTR)Array);

    CHECK(NT_SUCCESS(Status) && !NT_SUCCESS(STATUS_UNSUCCESSFUL));
    CHECK(NT_ERROR(STATUS_IO_DEVICE_ERROR) && NT_WARNING(DIALECT_BUSY));
    CHECK(STATUS_INSUFFICIENT_RESOURCES == (NTSTATUS)0xC000009AL);
    CHECK(STATUS_INVALID_PARAMETER == (NTSTATUS)0xC000000D && STATUS_NOT_SUPPORTED < 0);

    switch (Extension.State) {
    case StateIdle:
        Value = 1;
    case StateBusy:
        Value++;
        break;
    }
    CHECK(Value == 2);

    /* Beyond the declared end, as Tail[1] is meant */
    {
        ULONG Room[(sizeof(DIALECT_EXTENSION) + 16) / sizeof(ULONG)];
        PDIALECT_EXTENSION Long = (PDIALECT_EXTENSION)Room;
        ULONG i;

        for (i = 0; i < 8; i++)
            Long->Tail[i] = (UCHAR)i;
        CHECK(((PUCHAR)Room)[FIELD_OFFSET(DIALECT_EXTENSION, Tail) + 7] == 7);
    }
}

static VOID
DialectMemory(
    VOID
    )
{
    UCHAR First[16], Second[16];
    SIZE_T Equal;
    ULONG i;

    RtlFillMemory(First, sizeof(First), 0x5a);
    RtlCopyMemory(Second, First, sizeof(First));
    CHECK(RtlCompareMemory(First, Second, sizeof(First)) == 16);
    Second[5] = 0;
    Equal = RtlCompareMemory(First, Second, sizeof(First));
    CHECK(Equal == 5);
    CHECK(RtlEqualMemory(First, Second, 5) && !RtlEqualMemory(First, Second, 6));
    for (i = 0; i < sizeof(First); i++)
        First[i] = (UCHAR)i;
    RtlMoveMemory(First + 1, First, 15);
    CHECK(First[0] == 0 && First[1] == 0 && First[15] == 14);
    RtlZeroMemory(First, sizeof(First));
    CHECK(First[15] == 0);
    RtlSecureZeroMemory(Second, sizeof(Second));
    CHECK(RtlCompareMemory(First, Second, sizeof(First)) == 16);
    memcpy(First, "IDENTIFY", 8);
    CHECK(memcmp(First, "IDENTIFY", 8) == 0);
}

static VOID
DialectInterlocked(
    VOID
    )
{
    LONG Value = 5;
    ULONG Unsigned = 1;
    LONGLONG Wide = 1;
    PVOID Pointer = NULL;
    PUCHAR Bytes = (PUCHAR)&Value;

    CHECK(InterlockedIncrement(&Value) == 6 && Value == 6);
    CHECK(InterlockedDecrement(&Value) == 5);
    CHECK(InterlockedExchange(&Value, 9) == 5 && Value == 9);
    CHECK(InterlockedExchangeAdd(&Value, -4) == 9 && Value == 5);
    CHECK(InterlockedCompareExchange(&Value, 1, 4) == 5 && Value == 5);
    CHECK(InterlockedCompareExchange(&Value, 1, 5) == 5 && Value == 1);
    CHECK(InterlockedOr(&Value, 6) == 1 && Value == 7);
    CHECK(InterlockedAnd(&Value, ~2) == 7 && Value == 5);
    CHECK(InterlockedXor(&Value, 1) == 5 && Value == 4);
    CHECK(InterlockedIncrement(&Unsigned) == 2);
    CHECK(InterlockedBitTestAndSet(&Value, 0) == 0 && Value == 5);
    CHECK(InterlockedBitTestAndReset(&Value, 2) == 1 && Value == 1);
    CHECK(InterlockedIncrement64(&Wide) == 2 && InterlockedExchangeAdd64(&Wide, 1) == 2);
    CHECK(InterlockedCompareExchange64(&Wide, 0x100000000LL, 3) == 3 && Wide == 0x100000000LL);
    CHECK(InterlockedExchangePointer(&Pointer, &Value) == NULL && Pointer == &Value);
    CHECK(InterlockedCompareExchangePointer(&Pointer, NULL, &Wide) == &Value);
    CHECK(InterlockedCompareExchangePointer((PVOID *)&Bytes, NULL, &Value) == &Value && Bytes == NULL);
    KeMemoryBarrier();
    MemoryBarrier();
}

static VOID
DialectScans(
    VOID
    )
{
    ULONG Index = 99;

    CHECK(_BitScanForward(&Index, 0x50) && Index == 4);
    CHECK(_BitScanReverse(&Index, 0x50) && Index == 6);
    CHECK(!_BitScanForward(&Index, 0) && !_BitScanReverse(&Index, 0));
    CHECK(_BitScanReverse64(&Index, 0x100000000LL) && Index == 32);
    CHECK(RtlFindLeastSignificantBit(0x8000000000000000ULL) == 63);
    CHECK(RtlFindMostSignificantBit(0x50) == 6);
    CHECK(RtlFindLeastSignificantBit(0) < 0 && RtlFindMostSignificantBit(0) == -1);
    CHECK(RtlUlongByteSwap(0x12345678) == 0x78563412 && RtlUshortByteSwap(0x1234) == 0x3412);
}

static VOID
DialectLists(
    VOID
    )
{
    LIST_ENTRY Head;
    DIALECT_EXTENSION Entries[3];
    SINGLE_LIST_ENTRY Stack = {NULL}, Singles[2];
    PLIST_ENTRY Entry;
    ULONG Sum = 0;
    ULONG i;

    InitializeListHead(&Head);
    CHECK(IsListEmpty(&Head));
    for (i = 0; i < ARRAYSIZE(Entries); i++) {
        Entries[i].BaseFirst = i + 1;
        InsertTailList(&Head, &Entries[i].Link);
    }
    for (Entry = Head.Flink; Entry != &Head; Entry = Entry->Flink)
        Sum = Sum * 10 + CONTAINING_RECORD(Entry, DIALECT_EXTENSION, Link)->BaseFirst;
    CHECK(Sum == 123);
    CHECK(RemoveHeadList(&Head) == &Entries[0].Link);
    InsertHeadList(&Head, &Entries[0].Link);
    CHECK(RemoveTailList(&Head) == &Entries[2].Link);
    CHECK(!RemoveEntryList(&Entries[1].Link) && RemoveEntryList(&Entries[0].Link));
    CHECK(IsListEmpty(&Head) && RemoveHeadList(&Head) == &Head);

    PushEntryList(&Stack, &Singles[0]);
    PushEntryList(&Stack, &Singles[1]);
    CHECK(PopEntryList(&Stack) == &Singles[1] && PopEntryList(&Stack) == &Singles[0]);
    CHECK(PopEntryList(&Stack) == NULL);
}

static VOID
DialectRequests(
    VOID
    )
{
    IDE_CHANNEL_INTERFACE Channel = {0};
    IDE_REQUEST_BLOCK Irb = {0};
    IDENTIFY_DEVICE_DATA Identify = {0};
    DIALECT_EXTENSION Extension = {0};
    IDE_HW_DPC Dpc = DialectDpc;
    UCHAR Sense[18];
    ULONG Mode = 0x1000, Highest;
    UCHAR Breaks = (UCHAR)IDE_UNINITIALIZED_VALUE;
    ULONG Length = IDE_UNINITIALIZED_VALUE;
    PIDE_REQUEST_BLOCK Next = &Irb;

    /* Entry points whose first parameter is not a PVOID */
    Channel.IdeHwStartIo = DialectStartIo;
    CHECK(!Channel.IdeHwStartIo(&Extension, &Irb) && Extension.References == 1);
    Dpc(&Extension);
    CHECK(Extension.State == StateBusy);

    Irb.Function = IRB_FUNCTION_ATA_READ;
    CHECK(IsAtaCommand(&Irb) && !IsAtapiCommand(&Irb) && !IsMiniportCommand(&Irb));
    Irb.Function = IRB_FUNCTION_POWER_CHANGE;
    CHECK(IsMiniportCommand(&Irb) && !IsAtaCommand(&Irb));
    Irb.Function = IRB_FUNCTION_REQUEST_SENSE;
    CHECK(IsRequestSenseIrb(&Irb) && IsAtapiCommand(&Irb));

    Irb.IrbFlags = IRB_FLAGS_48BIT | IRB_FLAGS_HIGH_PRIORITY;
    CHECK(Is48BitIrb(&Irb) && IsHighPriorityIrb(&Irb) && !IsReturnResults(&Irb));
    CHECK(IsHighPriorityIrb(&Irb) == (BOOLEAN)IsHighPriorityIrb(&Irb));
    CHECK(!IsPioMultipleIrb(&Irb) && !IRB_FOR_DATA_TRANSFER(&Irb) && !IRB_USES_DMA(&Irb));
    MARK_IRB_FOR_DMA(&Irb);
    CHECK(IRB_USES_DMA(&Irb) && Irb.IrbFlags == 0x20a);
    MARK_IRB_FOR_PIO(&Irb);
    CHECK(!IRB_USES_DMA(&Irb) && Irb.IrbFlags == 0x208);
    Irb.IrbFlags = IRB_FLAGS_DATA_OUT | IRB_FLAGS_RETURN_RESULTS | IRB_FLAGS_PIO_MULTIPLE;
    CHECK(IRB_FOR_DATA_TRANSFER(&Irb) && IsReturnResults(&Irb) && IsPioMultipleIrb(&Irb));

    Irb.Function = IRB_FUNCTION_ATAPI_COMMAND;
    CHECK(!NeedRequestSense(&Irb));
    Irb.SenseInfoBuffer = Sense;
    Irb.SenseInfoBufferLength = sizeof(Sense);
    CHECK(NeedRequestSense(&Irb));
    Irb.IrbStatus = IRB_STATUS_DEVICE_ERROR | IRB_STATUS_AUTOSENSE_VALID;
    CHECK(!NeedRequestSense(&Irb));
    Irb.IrbStatus = IRB_STATUS_DEVICE_ERROR;
    Irb.Function = IRB_FUNCTION_REQUEST_SENSE;
    CHECK(!NeedRequestSense(&Irb));

    GET_IRB_CURRENT_REG(&Irb)->bSectorCountReg = 3;
    GET_IRB_PREVIOUS_REG(&Irb)->bSectorCountReg = 4;
    CHECK(Irb.AsUChar[1] == 3 && Irb.AsUChar[9] == 4);
    CHECK(GET_CURRENT_REG(&Irb.IdeTaskFile)->bSectorCountReg == 3);
    CHECK(GET_PREVIOUS_REG(&Irb.IdeTaskFile)->bSectorCountReg == 4);
    SetIrbCommandReg(&Irb, IDE_COMMAND_READ_DMA);
    SetIrbDeviceReg(&Irb, IDE_LBA_MODE);
    CHECK(Irb.IdeTaskFile.Current.bCommandReg == 0xc8 && Irb.IdeTaskFile.Current.bDriveHeadReg == 0x40);
    Irb.AtaStatus = IDE_STATUS_ERROR;
    Irb.AtaError = IDE_ERROR_COMMAND_ABORTED;
    CHECK(GetIrbStatusReg(&Irb) == 1 && GetIrbErrorReg(&Irb) == 4);

    /* The argument is evaluated once */
    CHECK(IsRequestSenseIrb(Next++) && Next == &Irb + 1);

    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_ATAPI_IDENTIFY) == IRB_FUNCTION_ATA_IDENTIFY);
    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_READ_MULTIPLE_EXT) == IRB_FUNCTION_ATA_READ);
    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_WRITE_DMA_FUA_EXT) == IRB_FUNCTION_ATA_WRITE);
    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_CHECK_POWER) == IRB_FUNCTION_ATA_FLUSH);
    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_SMART) == IRB_FUNCTION_ATA_SMART);
    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_READ_LOG_DMA_EXT) == IRB_FUNCTION_ATA_GPLOG);
    CHECK(IdeMapAtaCommandToIrbFunction(IDE_COMMAND_SET_FEATURE) == IRB_FUNCTION_ATA_COMMAND);

    CHECK(IS_DEFAULT(Breaks) && IS_DEFAULT(Length));
    Breaks = 16;
    CHECK(!IS_DEFAULT(Breaks));
    GenTransferModeMask(PIO4, Mode);
    CHECK(Mode == 0x101f && GenTransferModeMask(31) == 0xffffffff && GenTransferModeMask(0) == 1);
    GetHighestBitSet(Mode, Highest);
    CHECK(Highest == 12 && GetHighestBitSet(1) == 0 && GetHighestBitSet(0x80000000) == 31);

    /* Old and new names of IDENTIFY data */
    Identify.NominalMediaRotationRate = 7200;
    Identify.CommandSetSupport.WordValid83 = 1;
    CHECK(Identify.NVCacheReadSpeed == 7200 && Identify.CommandSetSupport.Resrved3 == 1);
    CHECK(((PUSHORT)&Identify)[217] == 7200 && ((PUSHORT)&Identify)[83] == 0x4000);
}

static VOID
DialectDebug(
    VOID
    )
{
    ULONG Evaluated = 0;

    KdPrint(("dialect: KdPrint %x\n", 0x42));
    DbgPrint("dialect: DbgPrint %x\n", 0x42);
    ASSERT(1 + 1 == 2);
    ASSERT(++Evaluated);
#if DBG
    CHECK(Evaluated == 1);
#else
    CHECK(Evaluated == 0);
#endif
    CHECK(!DialectBroke);
}

VOID
DialectCheck(
    IN BOOLEAN Good,
    IN const CHAR *Text,
    IN const CHAR *File,
    IN ULONG Line
    )
{
    DialectChecks++;
    if (!Good) {
        DialectFailures++;
        AtaPortDebugPrint(0, "dialect: failed: %s (%s line %u)\n", Text, File, Line);
    }
}

ULONG
DialectRun(
    VOID
    )
/*++
    Number of checks that failed.
--*/
{
    DialectChecks = DialectFailures = 0;
    DialectTypes();
    DialectExpressions();
    DialectMemory();
    DialectInterlocked();
    DialectScans();
    DialectLists();
    DialectRequests();
    DialectDebug();
    DialectSecond();
    return DialectFailures;
}

static BOOLEAN
DialectAdapterControl(
    IN PVOID ControllerExtension,
    IN IDE_CONTROL_ACTION ControlAction,
    IN OUT PVOID Parameters
    )
{
    UNREFERENCED_PARAMETER(ControllerExtension);
    UNREFERENCED_PARAMETER(ControlAction);
    UNREFERENCED_PARAMETER(Parameters);
    return FALSE;               // there is no such controller
}

ULONG
DriverEntry(
    IN PVOID DriverObject,
    IN PVOID RegistryPath
    )
{
    IDE_CONTROLLER_INTERFACE ControllerInterface;
    ULONG Failed = DialectRun();

    AtaPortDebugPrint(0, "dialect: %u checks, %u failed\n", DialectChecks, Failed);
    if (Failed)
        return STATUS_UNSUCCESSFUL;

    RtlZeroMemory(&ControllerInterface, sizeof(IDE_CONTROLLER_INTERFACE));
    ControllerInterface.Version = sizeof(IDE_CONTROLLER_INTERFACE);
    ControllerInterface.ControllerExtensionSize = sizeof(DIALECT_EXTENSION);
    ControllerInterface.AtaAdapterControl = DialectAdapterControl;
    return AtaPortInitializeEx(DriverObject, RegistryPath, &ControllerInterface);
}

#pragma warning(pop)
