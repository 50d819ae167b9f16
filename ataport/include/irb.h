/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ATA port interface: everything that a miniport and the port driver say
 * to each other.  A miniport reads it after miniport.h; the port driver, which
 * implements it, reads it among Linux headers, so that both sides are compiled
 * against the same declarations.
 *
 * Names, values and layouts are a binary and source contract.  They are
 * asserted row by row against the tables in tests/tables by tests/contract.
 */
#ifndef _IRB_H_
#define _IRB_H_

#include "ata.h"

/* Channels, targets, and values that stand for "all" or "not set" */
#define PRIMARY_CHANNEL_NUMBER		0x0
#define SECONDARY_CHANNEL_NUMBER	0x1

#define MAX_IDE_DEVICE			0x2
#define MAX_IDE_LUN			0x8

#define IDE_UNTAGGED			0xff
#define IDE_UNINITIALIZED_VALUE		0xffffffff

/*
 * True while a field still holds IDE_UNINITIALIZED_VALUE, cut to the field's
 * own width: 0xff in a UCHAR.
 */
#define IS_DEFAULT(v)							\
	((v) == (__typeof__(v))(IDE_UNINITIALIZED_VALUE &		\
				(~0ULL >> (64 - 8 * sizeof(v)))))

typedef PHYSICAL_ADDRESS IDE_PHYSICAL_ADDRESS, *PIDE_PHYSICAL_ADDRESS;

/* Types of registry values */
#define IDE_REG_SZ			0x1
#define IDE_REG_BINARY			0x3
#define IDE_REG_DWORD			0x4

/* AtaPortTraceNotification: type of the notification */
#define TraceNotification		0x0

/* SenseInfoBufferType: what SenseInfoBuffer holds */
#define SENSE_INFO_BUFFER_RETURN_TYPE_CDB		0x0
#define SENSE_INFO_BUFFER_RETURN_TYPE_28BIT_TASKFILE	0x1
#define SENSE_INFO_BUFFER_RETURN_TYPE_48BIT_TASKFILE	0x2
#define SENSE_INFO_BUFFER_RETURN_TYPE_D2H_FIS		0x3

/* IrbStatus: the low four bits are one value, the high four are flags */
#define IRB_STATUS_PENDING			0x0
#define IRB_STATUS_SUCCESS			0x1
#define IRB_STATUS_DATALENGTH_MISMATCH		0x2
#define IRB_STATUS_DEVICE_ERROR			0x3
#define IRB_STATUS_INVALID_REQUEST		0x4
#define IRB_STATUS_BUS_RESET			0x5
#define IRB_STATUS_SELECTION_TIMEOUT		0x6
#define IRB_STATUS_BUSY				0x7

#define IRB_STATUS_RETURN_TASKFILE_VALID	0x10
#define IRB_STATUS_AUTOSENSE_VALID		0x20
#define IRB_STATUS_INTERNAL_ERROR		0x40
#define IRB_STATUS_FORCE_ENUM_DEVICE1_NEEDED	0x80

/* Function: one bit of the high byte names the family */
#define IRB_FUNCTION_ATA_COMMAND		0x100
#define IRB_FUNCTION_ATA_IDENTIFY		0x101
#define IRB_FUNCTION_ATA_READ			0x102
#define IRB_FUNCTION_ATA_WRITE			0x103
#define IRB_FUNCTION_ATA_FLUSH			0x104
#define IRB_FUNCTION_ATA_SMART			0x105
#define IRB_FUNCTION_ATA_GPLOG			0x106

#define IRB_FUNCTION_ATAPI_COMMAND		0x200
#define IRB_FUNCTION_REQUEST_SENSE		0x201

#define IRB_FUNCTION_MINIPORT_COMMAND		0x400
#define IRB_FUNCTION_ADAPTER_FLUSH		0x401
#define IRB_FUNCTION_SHUTDOWN			0x402
#define IRB_FUNCTION_POWER_CHANGE		0x403
#define IRB_FUNCTION_LUN_RESET			0x404
#define IRB_FUNCTION_MINIPORT_IOCTL		0x405
#define IRB_FUNCTION_POWER_REBOOT		0x406

/* IrbFlags */
#define IRB_FLAGS_DRDY_REQUIRED			0x1
#define IRB_FLAGS_USE_DMA			0x2
#define IRB_FLAGS_MAP_BUFFERS			0x4
#define IRB_FLAGS_48BIT				0x8
#define IRB_FLAGS_PIO_MULTIPLE			0x10
#define IRB_FLAGS_RETURN_RESULTS		0x20
#define IRB_FLAGS_DATA_IN			0x40
#define IRB_FLAGS_DATA_OUT			0x80
#define IRB_FLAGS_DISCARDABLE			0x100
#define IRB_FLAGS_HIGH_PRIORITY			0x200
#define IRB_FLAGS_FORCE_ENUM_DEVICE1		0x400

/* DeviceCharacteristics of IDE_DEVICE_PARAMETERS */
#define DFLAGS_REMOVABLE_MEDIA			0x1
#define DFLAGS_INT_DRQ				0x2
#define DFLAGS_MSN_SUPPORT			0x4
#define DFLAGS_REMOVABLE_DEVICE			0x8
#define DFLAGS_1667_DEVICE			0x10
#define DFLAGS_FUA_SUPPORT			0x1000

/* The longest range that one IDE_LBA_RANGE can name, in sectors */
#define MAX_IDE_LBA_RANGE_SECTOR_COUNT_VALUE	0xffff

/* Transfer modes as bits of a mask ... */
#define PIO_MODE0		0x1
#define PIO_MODE1		0x2
#define PIO_MODE2		0x4
#define PIO_MODE3		0x8
#define PIO_MODE4		0x10
#define SWDMA_MODE0		0x20
#define SWDMA_MODE1		0x40
#define SWDMA_MODE2		0x80
#define MWDMA_MODE0		0x100
#define MWDMA_MODE1		0x200
#define MWDMA_MODE2		0x400
#define UDMA_MODE0		0x800
#define UDMA_MODE1		0x1000
#define UDMA_MODE2		0x2000
#define UDMA_MODE3		0x4000
#define UDMA_MODE4		0x8000
#define UDMA_MODE5		0x10000

/* ... as families; room is left for UDMA modes to come ... */
#define PIO_SUPPORT		0x1f
#define SWDMA_SUPPORT		0xe0
#define MWDMA_SUPPORT		0x700
#define UDMA_SUPPORT		0x7ffff800
#define DMA_SUPPORT		0x7fffffe0
#define ALL_MODE_SUPPORT	0x7fffffff

/* ... and as indices of those bits */
#define PIO0			0x0
#define PIO1			0x1
#define PIO2			0x2
#define PIO3			0x3
#define PIO4			0x4
#define SWDMA0			0x5
#define SWDMA1			0x6
#define SWDMA2			0x7
#define MWDMA0			0x8
#define MWDMA1			0x9
#define MWDMA2			0xa
#define UDMA0			0xb
#define MAX_XFER_MODE		0x12

#define UNINITIALIZED_CYCLE_TIME	0xffffffff
#define UNINITIALIZED_TRANSFER_MODE	0x7fffffff

/* AtaPortNotification: what happened, hence which arguments follow */
typedef enum _IDE_NOTIFICATION_TYPE {
	IdeDeviceArrival = 0,
	IdeDeviceRemoval = 1,
	IdePowerStateChange = 2
} IDE_NOTIFICATION_TYPE, *PIDE_NOTIFICATION_TYPE;

/* AtaPortRequestCallback: how the routine is to be run */
typedef enum _IDE_CALLBACK_TYPE {
	IdeTimerRoutine = 0,
	IdeWorkerRoutine = 1,
	IdeSynchronizedRoutine = 2,
	IdeControllerSyncRoutine = 3,
	IdeMaxCallbackType = 4
} IDE_CALLBACK_TYPE, *PIDE_CALLBACK_TYPE;

typedef enum _IDE_DEVICE_TYPE {
	DeviceUnknown = 0,
	DeviceIsAta = 1,
	DeviceIsAtapi = 2,
	DeviceNotExist = 3
} IDE_DEVICE_TYPE, *PIDE_DEVICE_TYPE;

typedef enum _ATA_ADDRESS_TRANSLATION {
	UnknownMode = 0,
	ChsMode = 1,
	LbaMode = 2,
	Lba48BitMode = 3
} ATA_ADDRESS_TRANSLATION, *PATA_ADDRESS_TRANSLATION;

typedef enum _IDE_CONTROL_ACTION {
	IdeStart = 0,
	IdeStop = 1,
	IdePowerUp = 2,
	IdePowerDown = 3,
	IdeVendorDefined = 4
} IDE_CONTROL_ACTION, *PIDE_CONTROL_ACTION;

typedef enum _IDE_POWER_STATE {
	IdePowerUnSpecified = 0,
	IdePowerD0 = 1,
	IdePowerD3 = 2
} IDE_POWER_STATE, *PIDE_POWER_STATE;

typedef enum _IDE_OPERATION_MODE {
	IdeModeNormal = 0,
	IdeModeDump = 1,
	IdeModeRemovableBay = 2
} IDE_OPERATION_MODE, *PIDE_OPERATION_MODE;

typedef enum _IDE_CHANNEL_STATE {
	ChannelStateDisabled = 0,
	ChannelStateEnabled = 1,
	ChannelStateUnKnown = 2
} IDE_CHANNEL_STATE, *PIDE_CHANNEL_STATE;

typedef enum _IDE_BUS_TYPE {
	IdeBusPata = 0,
	IdeBusSata = 1,
	IdeBusUnknown = 2
} IDE_BUS_TYPE, *PIDE_BUS_TYPE;

/* Head of the buffer of an IRB_FUNCTION_MINIPORT_IOCTL */
typedef struct _IDE_IO_CONTROL {
	ULONG HeaderLength;
	UCHAR Signature[8];
	ULONG Timeout;
	ULONG ControlCode;
	ULONG ReturnStatus;
	ULONG DataLength;
} IDE_IO_CONTROL, *PIDE_IO_CONTROL;

typedef struct _IDE_POWER_INFO {
	IDE_POWER_STATE CurrentPowerState;
	IDE_POWER_STATE DesiredPowerState;
} IDE_POWER_INFO, *PIDE_POWER_INFO;

/* Parameters of IdeHwControl(IdeVendorDefined) */
typedef struct _IDE_VENDOR_DEFINED_POWER_INFO {
	UCHAR TargetId;
	GUID SettingGuid;
	PVOID Value;
	ULONG ValueLength;
} IDE_VENDOR_DEFINED_POWER_INFO, *PIDE_VENDOR_DEFINED_POWER_INFO;

/* One generation of the shadow registers of a device */
typedef struct _IDEREGISTERS {
	UCHAR bFeaturesReg;
	UCHAR bSectorCountReg;
	UCHAR bSectorNumberReg;
	UCHAR bCylLowReg;
	UCHAR bCylHighReg;
	UCHAR bDriveHeadReg;
	UCHAR bCommandReg;
	UCHAR bReserved;
} IDEREGISTERS, *PIDEREGISTERS;

/* Previous is what a 48-bit command writes first */
typedef struct _IDE_TASK_FILE {
	IDEREGISTERS Current;
	IDEREGISTERS Previous;
} IDE_TASK_FILE, *PIDE_TASK_FILE;

/* IRB: one request */
typedef struct _IDE_REQUEST_BLOCK {
	USHORT Function;
	UCHAR IrbStatus;
	UCHAR AtaStatus;
	UCHAR AtaError;
	UCHAR Channel;
	UCHAR TargetId;
	UCHAR Lun;
	UCHAR CdbLength;
	UCHAR SenseInfoBufferLength;
	UCHAR SenseInfoBufferType;
	UCHAR QueueTag;
	ULONG ReservedAsUlong;
	ULONG IrbFlags;
	ULONG TimeOutValue;
	ULONG DataTransferLength;
	PVOID IrbExtension;
	PVOID DataBuffer;
	PVOID SenseInfoBuffer;
	PVOID NextIrb;
	PVOID Reserved;
	union {
		IDE_TASK_FILE IdeTaskFile;
		UCHAR Cdb[16];
		IDE_POWER_INFO PowerChange;
		UCHAR AsUChar[16];
	};
} IDE_REQUEST_BLOCK, *PIDE_REQUEST_BLOCK;

typedef struct _IDE_SCATTER_GATHER_ELEMENT {
	IDE_PHYSICAL_ADDRESS Address;
	ULONG Length;
	ULONG_PTR Reserved;
} IDE_SCATTER_GATHER_ELEMENT, *PIDE_SCATTER_GATHER_ELEMENT;

typedef struct _IDE_SCATTER_GATHER_LIST {
	ULONG NumberOfElements;
	ULONG_PTR Reserved;
	IDE_SCATTER_GATHER_ELEMENT Elements[];
} IDE_SCATTER_GATHER_LIST, *PIDE_SCATTER_GATHER_LIST;

/* Addresses of a parallel channel's command block; some have two names */
typedef struct _IDE_REGISTERS_1 {
	PUCHAR RegistersBaseAddress;
	PUSHORT Data;
	union {
		PUCHAR Error;
		PUCHAR Features;
	};
	union {
		PUCHAR BlockCount;
		PUCHAR InterruptReason;
	};
	PUCHAR BlockNumber;
	union {
		PUCHAR CylinderLow;
		PUCHAR ByteCountLow;
	};
	union {
		PUCHAR CylinderHigh;
		PUCHAR ByteCountHigh;
	};
	PUCHAR DriveSelect;
	PUCHAR Command;
} IDE_REGISTERS_1, *PIDE_REGISTERS_1;

/* Addresses of its control block */
typedef struct _IDE_REGISTERS_2 {
	PUCHAR RegistersBaseAddress;
	PUCHAR DeviceControl;
	PUCHAR DriveAddress;
} IDE_REGISTERS_2, *PIDE_REGISTERS_2;

typedef struct _IDE_ACCESS_RANGE {
	IDE_PHYSICAL_ADDRESS RangeStart;
	IDE_PHYSICAL_ADDRESS PhysicalRangeStart;
	ULONG RangeLength;
	BOOLEAN InMemory;
	UCHAR Bar;
} IDE_ACCESS_RANGE, *PIDE_ACCESS_RANGE;

/* AtaPortLogError; DumpData goes on for DumpDataSize bytes */
typedef struct _IDE_ERROR_LOG_ENTRY {
	UCHAR IrbStatus;
	UCHAR Channel;
	UCHAR TargetId;
	UCHAR Lun;
	UCHAR UniqueId;
	UCHAR DumpDataSize;
	UCHAR DumpData[1];
} IDE_ERROR_LOG_ENTRY, *PIDE_ERROR_LOG_ENTRY;

/* IdeHwInitialize: what a device can do; the miniport may lower it */
typedef struct _IDE_DEVICE_PARAMETERS {
	USHORT Version;
	IDE_DEVICE_TYPE IdeDeviceType;
	UCHAR TargetId;
	UCHAR MaximumLun;
	UCHAR NumberOfOverlappedRequests;
	UCHAR MaxBlockXfer;
	USHORT DeviceCharacteristics;
	ATA_ADDRESS_TRANSLATION AddressTranslation;
	union {
		LARGE_INTEGER MaxLba;
		struct {
			USHORT NumCylinders;
			USHORT NumHeads;
			USHORT NumSectorsPerTrack;
			USHORT Reserved;
		} Chs;
	};
	ULONG BytesPerLogicalSector;
	ULONG BytesPerPhysicalSector;
	ULONG BytesOffsetForSectorAlignment;
	ULONG TransferModeSupported;
	ULONG TransferModeSelected;
} IDE_DEVICE_PARAMETERS, *PIDE_DEVICE_PARAMETERS;

typedef struct _IDE_MINIPORT_RESOURCES {
	ULONG NumberOfAccessRanges;
	PIDE_ACCESS_RANGE IdeAccessRange;
} IDE_MINIPORT_RESOURCES, *PIDE_MINIPORT_RESOURCES;

/* Power settings that a channel wants to hear of */
typedef struct _IDE_VENDOR_DEFINED_POWER {
	UCHAR ValidGuids;
	GUID Guid[3];
} IDE_VENDOR_DEFINED_POWER, *PIDE_VENDOR_DEFINED_POWER;

typedef struct _SUPPORTED_ADVANCES {
	union {
		struct {
			USHORT AdvancedChannelConfigurationSupported : 1;
			USHORT Reserved : 15;
		};
		USHORT AsUshort;
	};
} SUPPORTED_ADVANCES, *PSUPPORTED_ADVANCES;

typedef struct _IDE_ADVANCED_CHANNEL_CONFIGURATION_FIELDS_PRESENT {
	union {
		struct {
			USHORT VendorDefinedPower : 1;
			USHORT Reserved : 15;
		};
		USHORT AsUshort;
	};
} IDE_ADVANCED_CHANNEL_CONFIGURATION_FIELDS_PRESENT,
	*PIDE_ADVANCED_CHANNEL_CONFIGURATION_FIELDS_PRESENT;

typedef struct _IDE_ADVANCED_CHANNEL_CONFIGURATION {
	USHORT Length;
	IDE_ADVANCED_CHANNEL_CONFIGURATION_FIELDS_PRESENT Present;
	IDE_VENDOR_DEFINED_POWER VendorDefinedPower;
} IDE_ADVANCED_CHANNEL_CONFIGURATION, *PIDE_ADVANCED_CHANNEL_CONFIGURATION;

/* IdeHwControl(IdeStart): the channel, to be confirmed or changed */
typedef struct _IDE_CHANNEL_CONFIGURATION {
	USHORT Version;
	UCHAR ChannelNumber;
	SUPPORTED_ADVANCES SupportedAdvances;
	IDE_OPERATION_MODE ChannelMode;
	PIDE_MINIPORT_RESOURCES ChannelResources;
	UCHAR NumberOfOverlappedRequests;
	UCHAR MaxTargetId;
	BOOLEAN SyncWithIsr;
	BOOLEAN SupportsWmi;
	PIDE_ADVANCED_CHANNEL_CONFIGURATION AdvancedChannelConfiguration;
} IDE_CHANNEL_CONFIGURATION, *PIDE_CHANNEL_CONFIGURATION;

/* AtaControllerTransferModeSelect: the two devices of a parallel channel */
typedef struct _IDE_TRANSFER_MODE_PARAMETERS {
	UCHAR ChannelNumber;
	IDE_DEVICE_TYPE DeviceType[MAX_IDE_DEVICE];
	BOOLEAN IoReadySupported[MAX_IDE_DEVICE];
	ULONG DeviceTransferModeSupported[MAX_IDE_DEVICE];
	ULONG DeviceTransferModeCurrent[MAX_IDE_DEVICE];
	ULONG DeviceTransferModeSelected[MAX_IDE_DEVICE];
} IDE_TRANSFER_MODE_PARAMETERS, *PIDE_TRANSFER_MODE_PARAMETERS;

/* AtaAdapterControl(IdeStart): the controller and the miniport's answer */
typedef struct _IDE_CONTROLLER_CONFIGURATION {
	USHORT Version;
	UCHAR NumberOfChannels;
	IDE_OPERATION_MODE ControllerMode;
	UCHAR NumberOfPhysicalBreaks;
	ULONG MaximumTransferLength;
	BOOLEAN Reserved;
	BOOLEAN NativeModeEnabled;
	BOOLEAN Dma64BitAddress;
	BOOLEAN BusMaster;
	IDE_BUS_TYPE AtaBusType;
	PIDE_MINIPORT_RESOURCES ControllerResources;
} IDE_CONTROLLER_CONFIGURATION, *PIDE_CONTROLLER_CONFIGURATION;

/* One entry of a DATA SET MANAGEMENT (TRIM) list, as the device reads it */
typedef struct _IDE_LBA_RANGE {
	ULONGLONG StartSector : 48;
	ULONGLONG SectorCount : 16;
} IDE_LBA_RANGE, *PIDE_LBA_RANGE;

/* Entry points of a channel */
struct _IDE_CHANNEL_INTERFACE;

typedef BOOLEAN (*IDE_HW_INITIALIZE)(PVOID ChannelExtension,
				     PIDE_DEVICE_PARAMETERS DeviceParameters,
				     PIDENTIFY_DEVICE_DATA IdentifyData);
typedef BOOLEAN (*IDE_HW_BUILDIO)(PVOID ChannelExtension,
				  PIDE_REQUEST_BLOCK Irb);
typedef BOOLEAN (*IDE_HW_STARTIO)(PVOID ChannelExtension,
				  PIDE_REQUEST_BLOCK Irb);
typedef BOOLEAN (*IDE_HW_INTERRUPT)(PVOID ChannelExtension);
typedef BOOLEAN (*IDE_HW_RESET)(PVOID ChannelExtension);
typedef BOOLEAN (*IDE_HW_CONTROL)(PVOID ChannelExtension,
				  IDE_CONTROL_ACTION ControlAction,
				  PVOID Parameters);
typedef VOID (*IDE_HW_DPC)(PVOID ChannelExtension);

/* Entry points of a controller */
typedef BOOLEAN (*IDE_CHANNEL_INIT)(PVOID ChannelExtension,
				    struct _IDE_CHANNEL_INTERFACE *ChannelInterface,
				    PVOID ControllerExtension);
typedef IDE_CHANNEL_STATE (*IDE_CHANNEL_ENABLED)(PVOID ControllerExtension,
						 ULONG ChannelNumber);
typedef VOID (*IDE_TRANSFER_MODE_SELECT)(PVOID ControllerExtension,
					 PIDE_TRANSFER_MODE_PARAMETERS Parameters);
typedef BOOLEAN (*IDE_ADAPTER_CONTROL)(PVOID ControllerExtension,
				       IDE_CONTROL_ACTION ControlAction,
				       PVOID Parameters);

/* AtaChannelInitRoutine: IdeHwBuildIo may stay NULL, the others may not */
typedef struct _IDE_CHANNEL_INTERFACE {
	USHORT Version;
	UCHAR ChannelNumber;
	UCHAR Reserved;
	ULONG ReservedUlong;
	IDE_HW_INITIALIZE IdeHwInitialize;
	IDE_HW_BUILDIO IdeHwBuildIo;
	IDE_HW_STARTIO IdeHwStartIo;
	IDE_HW_INTERRUPT IdeHwInterrupt;
	IDE_HW_RESET IdeHwReset;
	IDE_HW_CONTROL IdeHwControl;
} IDE_CHANNEL_INTERFACE, *PIDE_CHANNEL_INTERFACE;

/* AtaPortInitializeEx: Version is the size of this structure */
typedef struct _IDE_CONTROLLER_INTERFACE {
	USHORT Version;
	USHORT Reserved;
	ULONG ControllerExtensionSize;
	ULONG ChannelExtensionSize;
	ULONG AlignmentMask;
	IDE_CHANNEL_INIT AtaChannelInitRoutine;
	IDE_CHANNEL_ENABLED AtaControllerChannelEnabled;
	IDE_TRANSFER_MODE_SELECT AtaControllerTransferModeSelect;
	IDE_ADAPTER_CONTROL AtaAdapterControl;
} IDE_CONTROLLER_INTERFACE, *PIDE_CONTROLLER_INTERFACE;

/* What kind of IRB is this? */
#define IsAtaCommand(Irb)						\
	(((Irb)->Function & IRB_FUNCTION_ATA_COMMAND) != 0)
#define IsAtapiCommand(Irb)						\
	(((Irb)->Function & IRB_FUNCTION_ATAPI_COMMAND) != 0)
#define IsMiniportCommand(Irb)						\
	(((Irb)->Function & IRB_FUNCTION_MINIPORT_COMMAND) != 0)
#define IsRequestSenseIrb(Irb)						\
	((Irb)->Function == IRB_FUNCTION_REQUEST_SENSE)

#define IsReturnResults(Irb)						\
	(((Irb)->IrbFlags & IRB_FLAGS_RETURN_RESULTS) != 0)
#define Is48BitIrb(Irb)							\
	(((Irb)->IrbFlags & IRB_FLAGS_48BIT) != 0)
#define IsPioMultipleIrb(Irb)						\
	(((Irb)->IrbFlags & IRB_FLAGS_PIO_MULTIPLE) != 0)
#define IsHighPriorityIrb(Irb)						\
	(((Irb)->IrbFlags & IRB_FLAGS_HIGH_PRIORITY) != 0)

#define IRB_FOR_DATA_TRANSFER(Irb)					\
	(((Irb)->IrbFlags & (IRB_FLAGS_DATA_IN | IRB_FLAGS_DATA_OUT)) != 0)
#define IRB_USES_DMA(Irb)						\
	(((Irb)->IrbFlags & IRB_FLAGS_USE_DMA) != 0)
#define MARK_IRB_FOR_DMA(Irb)						\
	((Irb)->IrbFlags |= IRB_FLAGS_USE_DMA)
#define MARK_IRB_FOR_PIO(Irb)						\
	((Irb)->IrbFlags &= ~(ULONG)IRB_FLAGS_USE_DMA)

/* A failed packet command whose sense data nobody has fetched yet */
static __inline BOOLEAN NeedRequestSense(const IDE_REQUEST_BLOCK *Irb)
{
	return IsAtapiCommand(Irb) && !IsRequestSenseIrb(Irb) &&
	       Irb->SenseInfoBuffer && Irb->SenseInfoBufferLength &&
	       !(Irb->IrbStatus & IRB_STATUS_AUTOSENSE_VALID);
}

/* The two register sets of an IRB or of a task file, as PIDEREGISTERS */
#define GET_IRB_CURRENT_REG(Irb)	(&(Irb)->IdeTaskFile.Current)
#define GET_IRB_PREVIOUS_REG(Irb)	(&(Irb)->IdeTaskFile.Previous)
#define GET_CURRENT_REG(TaskFile)	(&(TaskFile)->Current)
#define GET_PREVIOUS_REG(TaskFile)	(&(TaskFile)->Previous)

/* Error and status as the device gave them back; usable on both sides of = */
#define GetIrbErrorReg(Irb)		((Irb)->AtaError)
#define GetIrbStatusReg(Irb)		((Irb)->AtaStatus)

#define SetIrbCommandReg(Irb, Value)					\
	((Irb)->IdeTaskFile.Current.bCommandReg = (UCHAR)(Value))
#define SetIrbDeviceReg(Irb, Value)					\
	((Irb)->IdeTaskFile.Current.bDriveHeadReg = (UCHAR)(Value))

/* The Function that goes with an ATA command */
static __inline USHORT IdeMapAtaCommandToIrbFunction(UCHAR AtaCommand)
{
	switch (AtaCommand) {
	case IDE_COMMAND_IDENTIFY:
	case IDE_COMMAND_ATAPI_IDENTIFY:
		return IRB_FUNCTION_ATA_IDENTIFY;

	case IDE_COMMAND_READ:
	case IDE_COMMAND_READ_EXT:
	case IDE_COMMAND_READ_MULTIPLE:
	case IDE_COMMAND_READ_MULTIPLE_EXT:
	case IDE_COMMAND_READ_DMA:
	case IDE_COMMAND_READ_DMA_EXT:
	case IDE_COMMAND_READ_DMA_QUEUED_EXT:
	case IDE_COMMAND_READ_FPDMA_QUEUED:
		return IRB_FUNCTION_ATA_READ;

	case IDE_COMMAND_WRITE:
	case IDE_COMMAND_WRITE_EXT:
	case IDE_COMMAND_WRITE_MULTIPLE:
	case IDE_COMMAND_WRITE_MULTIPLE_EXT:
	case IDE_COMMAND_WRITE_MULTIPLE_FUA_EXT:
	case IDE_COMMAND_WRITE_DMA:
	case IDE_COMMAND_WRITE_DMA_EXT:
	case IDE_COMMAND_WRITE_DMA_FUA_EXT:
	case IDE_COMMAND_WRITE_DMA_QUEUED:
	case IDE_COMMAND_WRITE_DMA_QUEUED_EXT:
	case IDE_COMMAND_WRITE_DMA_QUEUED_FUA_EXT:
	case IDE_COMMAND_WRITE_FPDMA_QUEUED:
		return IRB_FUNCTION_ATA_WRITE;

	case IDE_COMMAND_CHECK_POWER:
	case IDE_COMMAND_FLUSH_CACHE:
	case IDE_COMMAND_FLUSH_CACHE_EXT:
		return IRB_FUNCTION_ATA_FLUSH;

	case IDE_COMMAND_SMART:
		return IRB_FUNCTION_ATA_SMART;

	case IDE_COMMAND_READ_LOG_EXT:
	case IDE_COMMAND_READ_LOG_DMA_EXT:
	case IDE_COMMAND_WRITE_LOG_EXT:
	case IDE_COMMAND_WRITE_LOG_DMA_EXT:
		return IRB_FUNCTION_ATA_GPLOG;

	default:
		return IRB_FUNCTION_ATA_COMMAND;
	}
}

/*
 * GenTransferModeMask(i) is a mask of the bits 0 to i;
 * GenTransferModeMask(i, Mode) adds them to the variable Mode.
 */
#define GenTransferModeMask(...)					\
	IRB_ONE_OR_TWO(__VA_ARGS__, GenTransferModeMask2,		\
		       GenTransferModeMask1)(__VA_ARGS__)
#define GenTransferModeMask1(i)		((ULONG)((2ULL << ((i) & 31)) - 1))
#define GenTransferModeMask2(i, Mode)	((Mode) |= GenTransferModeMask1(i))

/*
 * GetHighestBitSet(Value) is the index of the highest bit that is set in
 * Value, 0 if there is none; GetHighestBitSet(Value, i) stores it in i.
 */
#define GetHighestBitSet(...)						\
	IRB_ONE_OR_TWO(__VA_ARGS__, GetHighestBitSet2,			\
		       GetHighestBitSet1)(__VA_ARGS__)
#define GetHighestBitSet1(Value)	(31 - __builtin_clz((ULONG)(Value) | 1))
#define GetHighestBitSet2(Value, i)	((i) = GetHighestBitSet1(Value))

#define IRB_ONE_OR_TWO(First, Second, Macro, ...)	Macro

/*
 * The routines of the port driver.
 */

/* A miniport's one call in DriverEntry */
ULONG AtaPortInitializeEx(PVOID DriverObject, PVOID RegistryPath,
			  PIDE_CONTROLLER_INTERFACE ControllerInterface);

/* Configuration space and register windows of the controller */
ULONG AtaPortGetBusData(PVOID ControllerExtension, PVOID Buffer,
			ULONG ConfigDataOffset, ULONG BufferLength);
ULONG AtaPortSetBusData(PVOID ControllerExtension, PVOID Buffer,
			ULONG ConfigDataOffset, ULONG BufferLength);
PVOID AtaPortGetDeviceBase(PVOID ChannelExtension,
			   IDE_PHYSICAL_ADDRESS IoAddress,
			   ULONG NumberOfBytes);

/* Memory and addresses */
PVOID AtaPortGetUnCachedExtension(PVOID ChannelExtension,
				  ULONG UncachedExtensionSize,
				  ULONG IrbExtensionSize);
PIDE_SCATTER_GATHER_LIST
AtaPortGetScatterGatherList(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
IDE_PHYSICAL_ADDRESS AtaPortGetPhysicalAddress(PVOID ChannelExtension,
					       PIDE_REQUEST_BLOCK Irb,
					       PVOID VirtualAddress,
					       ULONG *Length);
IDE_PHYSICAL_ADDRESS
AtaPortConvertUlongToPhysicalAddress(ULONG_PTR UlongAddress);
ULONG AtaPortConvertPhysicalAddressToUlong(IDE_PHYSICAL_ADDRESS Address);
VOID AtaPortMoveMemory(PVOID WriteBuffer, PVOID ReadBuffer, ULONG Length);
VOID AtaPortCopyMemory(PVOID WriteBuffer, PVOID ReadBuffer, ULONG Length);

/* Requests */
VOID AtaPortCompleteRequest(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
VOID AtaPortCompleteAllActiveRequests(PVOID ChannelExtension, UCHAR Target,
				      UCHAR Lun, UCHAR IrbStatus);
PIDE_REQUEST_BLOCK AtaPortBuildRequestSenseIrb(PVOID ChannelExtension,
					       PIDE_REQUEST_BLOCK Irb);
VOID AtaPortReleaseRequestSenseIrb(PVOID ChannelExtension,
				   PIDE_REQUEST_BLOCK Irb);

/* Queues and tags */
VOID AtaPortDeviceStateChange(PVOID ChannelExtension, UCHAR TargetId,
			      UCHAR Lun, ULONG BusyTimeout);
BOOLEAN AtaPortInitializeQueueTag(PVOID DeviceExtension, UCHAR TargetId,
				  UCHAR Lun, UCHAR MaxQueueTag);
UCHAR AtaPortAllocateQueueTag(PVOID DeviceExtension, UCHAR TargetId,
			      UCHAR Lun);
VOID AtaPortReleaseQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun,
			    UCHAR QueueTag);

/* Notifications and callbacks; the wrappers below know the arguments */
VOID AtaPortNotification(IDE_NOTIFICATION_TYPE NotificationType,
			 PVOID ChannelExtension, ...);
BOOLEAN AtaPortRequestCallback(IDE_CALLBACK_TYPE CallbackType,
			       PVOID ChannelExtension,
			       IDE_HW_DPC CallBackRoutine, ULONG TimerValue);

/* Registry */
PVOID AtaPortRegistryAllocateBuffer(PVOID ChannelExtension, ULONG BufferSize);
VOID AtaPortRegistryFreeBuffer(PVOID ChannelExtension, PVOID Buffer);
BOOLEAN AtaPortRegistryRead(PVOID ChannelExtension, UCHAR ControllerNumber,
			    BOOLEAN ChannelSubKey, PCHAR ValueName,
			    UCHAR ValueType, PUCHAR Buffer,
			    PULONG BufferLength);
BOOLEAN AtaPortRegistryWrite(PVOID ChannelExtension, UCHAR ControllerNumber,
			     BOOLEAN ChannelSubKey, PCHAR ValueName,
			     UCHAR ValueType, PUCHAR Buffer,
			     PULONG BufferLength);
BOOLEAN AtaPortRegistryWriteDeferred(PVOID ChannelExtension,
				     UCHAR ControllerNumber,
				     BOOLEAN ChannelSubKey, PCHAR ValueName,
				     UCHAR ValueType, PUCHAR Buffer,
				     PULONG BufferLength);

/* Time, log, debugging */
VOID AtaPortStallExecution(ULONG Delay);
VOID AtaPortQuerySystemTime(PLARGE_INTEGER CurrentTime);
VOID AtaPortDebugPrint(ULONG DebugPrintLevel, PCCHAR DebugMessage, ...);
VOID AtaPortDebugBreak(PVOID ChannelExtension);
VOID AtaPortLogError(PVOID ChannelExtension,
		     PIDE_ERROR_LOG_ENTRY ErrorLogEntry);
VOID AtaPortTraceNotification(ULONG NotificationType,
			      PVOID HwDeviceExtension, ...);

/* Ports: the Buffer forms repeat one port */
UCHAR AtaPortReadPortUchar(PUCHAR Port);
USHORT AtaPortReadPortUshort(PUSHORT Port);
ULONG AtaPortReadPortUlong(PULONG Port);
VOID AtaPortReadPortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count);
VOID AtaPortReadPortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count);
VOID AtaPortReadPortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count);
VOID AtaPortWritePortUchar(PUCHAR Port, UCHAR Value);
VOID AtaPortWritePortUshort(PUSHORT Port, USHORT Value);
VOID AtaPortWritePortUlong(PULONG Port, ULONG Value);
VOID AtaPortWritePortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count);
VOID AtaPortWritePortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count);
VOID AtaPortWritePortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count);

/* Memory-mapped registers: the Buffer forms step through the registers */
UCHAR AtaPortReadRegisterUchar(PUCHAR Register);
USHORT AtaPortReadRegisterUshort(PUSHORT Register);
ULONG AtaPortReadRegisterUlong(PULONG Register);
VOID AtaPortReadRegisterBufferUchar(PUCHAR Register, PUCHAR Buffer,
				    ULONG Count);
VOID AtaPortReadRegisterBufferUshort(PUSHORT Register, PUSHORT Buffer,
				     ULONG Count);
VOID AtaPortReadRegisterBufferUlong(PULONG Register, PULONG Buffer,
				    ULONG Count);
VOID AtaPortWriteRegisterUchar(PUCHAR Register, UCHAR Value);
VOID AtaPortWriteRegisterUshort(PUSHORT Register, USHORT Value);
VOID AtaPortWriteRegisterUlong(PULONG Register, ULONG Value);
VOID AtaPortWriteRegisterBufferUchar(PUCHAR Register, PUCHAR Buffer,
				     ULONG Count);
VOID AtaPortWriteRegisterBufferUshort(PUSHORT Register, PUSHORT Buffer,
				      ULONG Count);
VOID AtaPortWriteRegisterBufferUlong(PULONG Register, PULONG Buffer,
				     ULONG Count);

/*
 * Wrappers over the routines above.
 */

/* Pause a device, or with IDE_UNTAGGED the channel, for so many seconds ... */
static __inline VOID AtaPortDeviceBusy(PVOID ChannelExtension, UCHAR TargetId,
				       UCHAR Lun, ULONG BusyTimeout)
{
	AtaPortDeviceStateChange(ChannelExtension, TargetId, Lun, BusyTimeout);
}

/* ... and end the pause: a pause of no time */
static __inline VOID AtaPortDeviceReady(PVOID ChannelExtension,
					UCHAR TargetId, UCHAR Lun)
{
	AtaPortDeviceStateChange(ChannelExtension, TargetId, Lun, 0);
}

static __inline BOOLEAN
AtaPortRegistryControllerKeyRead(PVOID ChannelExtension,
				 UCHAR ControllerNumber, PCHAR ValueName,
				 UCHAR ValueType, PUCHAR Buffer,
				 PULONG BufferLength)
{
	return AtaPortRegistryRead(ChannelExtension, ControllerNumber, FALSE,
				   ValueName, ValueType, Buffer, BufferLength);
}

static __inline BOOLEAN
AtaPortRegistryControllerKeyWrite(PVOID ChannelExtension,
				  UCHAR ControllerNumber, PCHAR ValueName,
				  UCHAR ValueType, PUCHAR Buffer,
				  PULONG BufferLength)
{
	return AtaPortRegistryWrite(ChannelExtension, ControllerNumber, FALSE,
				    ValueName, ValueType, Buffer,
				    BufferLength);
}

static __inline BOOLEAN
AtaPortRegistryControllerKeyWriteDeferred(PVOID ChannelExtension,
					  UCHAR ControllerNumber,
					  PCHAR ValueName, UCHAR ValueType,
					  PUCHAR Buffer, PULONG BufferLength)
{
	return AtaPortRegistryWriteDeferred(ChannelExtension, ControllerNumber,
					    FALSE, ValueName, ValueType,
					    Buffer, BufferLength);
}

static __inline BOOLEAN
AtaPortRegistryChannelSubkeyRead(PVOID ChannelExtension,
				 UCHAR ControllerNumber, PCHAR ValueName,
				 UCHAR ValueType, PUCHAR Buffer,
				 PULONG BufferLength)
{
	return AtaPortRegistryRead(ChannelExtension, ControllerNumber, TRUE,
				   ValueName, ValueType, Buffer, BufferLength);
}

static __inline BOOLEAN
AtaPortRegistryChannelSubkeyWrite(PVOID ChannelExtension,
				  UCHAR ControllerNumber, PCHAR ValueName,
				  UCHAR ValueType, PUCHAR Buffer,
				  PULONG BufferLength)
{
	return AtaPortRegistryWrite(ChannelExtension, ControllerNumber, TRUE,
				    ValueName, ValueType, Buffer,
				    BufferLength);
}

static __inline BOOLEAN
AtaPortRegistryChannelSubkeyWriteDeferred(PVOID ChannelExtension,
					  UCHAR ControllerNumber,
					  PCHAR ValueName, UCHAR ValueType,
					  PUCHAR Buffer, PULONG BufferLength)
{
	return AtaPortRegistryWriteDeferred(ChannelExtension, ControllerNumber,
					    TRUE, ValueName, ValueType,
					    Buffer, BufferLength);
}

static __inline BOOLEAN
AtaPortRequestWorkerRoutine(PVOID ChannelExtension, IDE_HW_DPC CallBackRoutine)
{
	return AtaPortRequestCallback(IdeWorkerRoutine, ChannelExtension,
				      CallBackRoutine, 0);
}

static __inline BOOLEAN
AtaPortRequestSynchronizedRoutine(PVOID ChannelExtension,
				  IDE_HW_DPC CallBackRoutine)
{
	return AtaPortRequestCallback(IdeSynchronizedRoutine, ChannelExtension,
				      CallBackRoutine, 0);
}

static __inline BOOLEAN
AtaPortControllerSyncRoutine(PVOID ChannelExtension,
			     IDE_HW_DPC CallBackRoutine)
{
	return AtaPortRequestCallback(IdeControllerSyncRoutine,
				      ChannelExtension, CallBackRoutine, 0);
}

/* One shot, in microseconds; 0 cancels the timer of this routine */
static __inline BOOLEAN AtaPortRequestTimer(PVOID ChannelExtension,
					    IDE_HW_DPC CallBackRoutine,
					    ULONG TimerValue)
{
	return AtaPortRequestCallback(IdeTimerRoutine, ChannelExtension,
				      CallBackRoutine, TimerValue);
}

/* A link came or went: look at the whole channel, which no target id names */
static __inline VOID AtaPortBusChangeDetected(PVOID ChannelExtension)
{
	AtaPortNotification(IdeDeviceArrival, ChannelExtension,
			    (ULONG)IDE_UNTAGGED);
}

static __inline VOID AtaPortDeviceArrived(PVOID ChannelExtension,
					  UCHAR TargetId)
{
	AtaPortNotification(IdeDeviceArrival, ChannelExtension,
			    (ULONG)TargetId);
}

static __inline VOID AtaPortDeviceRemoved(PVOID ChannelExtension,
					  UCHAR TargetId)
{
	AtaPortNotification(IdeDeviceRemoval, ChannelExtension,
			    (ULONG)TargetId);
}

static __inline VOID
AtaPortRequestPowerStateChange(PVOID ChannelExtension, UCHAR TargetId,
			       UCHAR Lun, IDE_POWER_STATE DesiredPowerState)
{
	AtaPortNotification(IdePowerStateChange, ChannelExtension,
			    (ULONG)TargetId, (ULONG)Lun,
			    (ULONG)DesiredPowerState);
}


#endif /* _IRB_H_ */
