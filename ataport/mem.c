// SPDX-License-Identifier: GPL-2.0-only
/*
 * mem.c - memory that the miniport shares with the hardware and with Linux
 *
 * All of it is made when a channel starts.  Extensions are looked up by range,
 * never by search.  The one thing that may grow later is the bounce buffer of
 * MAP_BUFFERS requests in several pieces, and it grows in a work item.
 */
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/scatterlist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "ataport.h"

/**
 * ataport_irbs_create() - make the requests of a channel
 * @ch: channel; max_sg is known
 * @depth: overlapped requests
 * @ext_size: bytes of each IRB extension, 0 for none
 *
 * LOCKING: process context.
 */
int ataport_irbs_create(struct ataport_channel *ch, unsigned int depth, size_t ext_size)
{
	struct device *dev = &ch->ctl->pdev->dev;
	unsigned int i, all, nr = depth + ATAPORT_SPARE_IRBS;
	size_t stride = ALIGN(ext_size, ATAPORT_IRB_ALIGN);

	/* The request-sense IRBs stand behind those that libata's commands use. */
	all = nr + ATAPORT_MAX_TARGETS;
	ch->irbs = kvcalloc(all, sizeof(*ch->irbs), GFP_KERNEL);
	if (!ch->irbs)
		return -ENOMEM;
	ch->sense_irb = &ch->irbs[nr];
	ch->nr_irbs = nr;
	ch->irbs_size = nr * sizeof(*ch->irbs);
	ch->irbs_size_all = all * sizeof(*ch->irbs);
	ch->sgls = kvcalloc(all, ataport_sgl_size(ch), GFP_KERNEL);
	if (!ch->sgls)
		return -ENOMEM;
	ch->sense_buf = dma_alloc_coherent(dev, ATAPORT_MAX_TARGETS * ATAPORT_SENSE_STRIDE,
					   &ch->sense_dma, GFP_KERNEL);
	if (!ch->sense_buf)
		return -ENOMEM;
	if (stride) {
		ch->irb_ext_stride = stride;
		ch->irb_ext_size = all * stride;
		ch->irb_ext = dma_alloc_coherent(dev, ch->irb_ext_size,
						 &ch->irb_ext_dma, GFP_KERNEL);
		if (!ch->irb_ext)
			return -ENOMEM;
	}

	for (i = 0; i < all; i++) {
		struct ataport_irb *pirb = &ch->irbs[i];

		pirb->index = i;
		INIT_LIST_HEAD(&pirb->held);
		pirb->sgl = (void *)pirb->small_sgl;
		if (stride) {
			pirb->ext = ch->irb_ext + i * stride;
			pirb->ext_dma = ch->irb_ext_dma + i * stride;
		}
	}
	ch->depth = depth;
	ch->free = GENMASK_ULL(nr - 1, 0);
	return 0;
}

/* Free what a channel shared with hardware.  LOCKING: process context. */
void ataport_memory_free(struct ataport_channel *ch)
{
	struct device *dev = &ch->ctl->pdev->dev;
	unsigned int i;

	for (i = 0; i < ch->nr_irbs; i++)
		ataport_control_drop(&ch->irbs[i]);
	if (ch->irb_ext)
		dma_free_coherent(dev, ch->irb_ext_size, ch->irb_ext, ch->irb_ext_dma);
	if (ch->uncached)
		dma_free_coherent(dev, ch->uncached_size, ch->uncached, ch->uncached_dma);
	if (ch->sense_buf)
		dma_free_coherent(dev, ATAPORT_MAX_TARGETS * ATAPORT_SENSE_STRIDE,
				  ch->sense_buf, ch->sense_dma);
	if (ch->unaligned)
		dma_free_coherent(dev, ATAPORT_ALIGNED_SIZE, ch->bounce, ch->bounce_dma);
	else
		kvfree(ch->bounce);
	kvfree(ch->sgls);
	kvfree(ch->irbs);
	ch->irb_ext = NULL;
	ch->irb_ext_size = 0;
	ch->irb_ext_stride = 0;
	ch->uncached = NULL;
	ch->uncached_size = 0;
	ch->sense_buf = NULL;
	ch->bounce = NULL;
	ch->bounce_size = 0;
	ch->unaligned = 0;
	ch->sgls = NULL;
	ch->irbs = NULL;
	ch->nr_irbs = 0;
	ch->irbs_size = 0;
	ch->irbs_size_all = 0;
}

/**
 * AtaPortGetUnCachedExtension() - memory that miniport and controller share
 * @ChannelExtension: channel
 * @UncachedExtensionSize: bytes of the uncached extension
 * @IrbExtensionSize: bytes of each IRB extension
 *
 * See AtaPortGetUnCachedExtension in the interface documentation.  The memory
 * is zeroed, DMA-coherent, page aligned and contiguous for the bus.  IRB
 * extensions are made here too, for the NumberOfOverlappedRequests that the
 * channel configuration holds at this moment.
 *
 * Return: the memory; NULL without memory, on a second call, and outside
 * IdeHwControl(IdeStart).
 * LOCKING: process context, only in IdeHwControl(IdeStart).
 */
PVOID AtaPortGetUnCachedExtension(PVOID ChannelExtension,
				  ULONG UncachedExtensionSize,
				  ULONG IrbExtensionSize)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	const char *why = NULL;
	unsigned int depth;
	size_t size;

	if (!ch)
		return NULL;
	if (ch->starting != current)
		why = "outside IdeHwControl(IdeStart)";
	else if (ch->irbs)
		why = "a second time";
	else if (UncachedExtensionSize > ATAPORT_MAX_EXTENSION ||
		 IrbExtensionSize > ATAPORT_MAX_EXTENSION / ATAPORT_MAX_IRBS)
		why = "with an absurd size";
	if (why) {
		ataport_report(ch, ATAPORT_RULE_UNCACHED,
			       "%s(%u, %u) called %s; refused\n",
			       __func__,
			       UncachedExtensionSize, IrbExtensionSize, why);
		return NULL;
	}

	might_sleep();
	depth = clamp_t(unsigned int, ch->config.NumberOfOverlappedRequests,
			1, ATAPORT_MAX_DEPTH);
	size = PAGE_ALIGN(max(UncachedExtensionSize, 1U));
	if (ataport_irbs_create(ch, depth, IrbExtensionSize))
		goto no_memory;
	ch->uncached = dma_alloc_coherent(&ch->ctl->pdev->dev, size,
					  &ch->uncached_dma, GFP_KERNEL);
	if (!ch->uncached)
		goto no_memory;
	ch->uncached_size = size;
	return ch->uncached;

no_memory:
	ataport_ch_err(ch, "no memory for an uncached extension of %u bytes and IRB extensions of %u\n",
		       UncachedExtensionSize, IrbExtensionSize);
	ataport_memory_free(ch);
	return NULL;
}
EXPORT_SYMBOL_GPL(AtaPortGetUnCachedExtension);

/* Whose question AtaPortGetScatterGatherList() cannot answer at once. */
static noinline IDE_SCATTER_GATHER_LIST *ataport_sgl(void *extension, IDE_REQUEST_BLOCK *irb)
{
	const char *caller = "AtaPortGetScatterGatherList";
	struct ataport_channel *ch = ataport_channel_find(extension, caller);
	struct ataport_irb *pirb;

	if (!ch)
		return NULL;
	pirb = ataport_irb_find(ch, irb, true);
	if (!pirb) {
		ataport_report_for(ch, ATAPORT_RULE_UNKNOWN_IRB, caller,
				   "%s of an IRB that is not this channel's; refused\n", caller);
		return NULL;
	}
	return pirb->irb.IrbFlags & IRB_FLAGS_USE_DMA ? pirb->sgl : NULL;
}

/**
 * AtaPortGetScatterGatherList() - where the data of a request lies
 * @ChannelExtension: channel
 * @Irb: outstanding request
 *
 * See AtaPortGetScatterGatherList in the interface documentation.  The list
 * was filled when the request was made; nothing is mapped or allocated here.
 *
 * Return: the list, or NULL for a request without IRB_FLAGS_USE_DMA.
 * LOCKING: any.
 */
ataport_hot
PIDE_SCATTER_GATHER_LIST AtaPortGetScatterGatherList(PVOID ChannelExtension,
						     PIDE_REQUEST_BLOCK Irb)
{
	struct ataport_channel *ch = ataport_channel_quick(ChannelExtension);
	struct ataport_irb *pirb = ch ? ataport_irb_find(ch, Irb, true) : NULL;

	if (likely(pirb && pirb->irb.IrbFlags & IRB_FLAGS_USE_DMA))
		return pirb->sgl;
	return ataport_sgl(ChannelExtension, Irb);
}
EXPORT_SYMBOL_GPL(AtaPortGetScatterGatherList);

/*
 * Offset of @va in a region of @size bytes at @base, or false.  One compare
 * does: an address below the base wraps to a huge offset, and a region that is
 * not there has no size.
 */
static bool ataport_in_region(const void *va, const void *base, size_t size, size_t *offset)
{
	*offset = (uintptr_t)va - (uintptr_t)base;
	return *offset < size;
}

/* Is what the list's first element names the buffer that the miniport sees? */
static bool ataport_mapped_whole(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	return pirb->mapped == ATAPORT_MAP_IN_PLACE ||
	       (pirb->mapped == ATAPORT_MAP_BOUNCE && ch->unaligned &&
		pirb->sgl->Elements[0].Address.QuadPart == ch->bounce_dma);
}

/* Any question but the usual one of AtaPortGetPhysicalAddress(). */
static noinline IDE_PHYSICAL_ADDRESS ataport_physical(void *extension, IDE_REQUEST_BLOCK *irb,
						      void *memory, ULONG *length)
{
	struct ataport_channel *ch = ataport_channel_find(extension, "AtaPortGetPhysicalAddress");
	IDE_PHYSICAL_ADDRESS address = { .QuadPart = 0 };
	struct ataport_irb *pirb = NULL;
	size_t offset, left = 0;

	if (unlikely(!ch))
		goto out;
	if (irb)
		pirb = ataport_irb_find(ch, irb, true);
	if (ataport_in_region(memory, ch->irb_ext, ch->irb_ext_size, &offset)) {
		address.QuadPart = ch->irb_ext_dma + offset;
		left = ch->irb_ext_stride - offset % ch->irb_ext_stride;
	} else if (ataport_in_region(memory, ch->uncached, ch->uncached_size, &offset)) {
		address.QuadPart = ch->uncached_dma + offset;
		left = ch->uncached_size - offset;
	} else if (ch->sense_buf &&
		   ataport_in_region(memory, ch->sense_buf,
				     ATAPORT_MAX_TARGETS * ATAPORT_SENSE_STRIDE, &offset)) {
		if (offset % ATAPORT_SENSE_STRIDE < ATAPORT_SENSE_SIZE) {
			address.QuadPart = ch->sense_dma + offset;
			left = ATAPORT_SENSE_SIZE - offset % ATAPORT_SENSE_STRIDE;
		}
	} else if (pirb) {
		/* Only a buffer in one piece is where the hardware sees it. */
		if (ataport_mapped_whole(ch, pirb) &&
		    pirb->irb.IrbFlags & IRB_FLAGS_USE_DMA &&
		    ataport_in_region(memory, pirb->buffer,
				      pirb->sgl->Elements[0].Length, &offset)) {
			address.QuadPart = pirb->sgl->Elements[0].Address.QuadPart + offset;
			left = pirb->sgl->Elements[0].Length - offset;
		}
	}
out:
	if (length)
		*length = left;
	return address;
}

/**
 * AtaPortGetPhysicalAddress() - bus address of memory that hardware may reach
 * @ChannelExtension: channel
 * @Irb: request, for addresses in its data buffer; may be NULL
 * @VirtualAddress: address in the uncached extension, an IRB extension, the
 *	request-sense data or the request's mapped data buffer
 * @Length: receives the bytes that are contiguous from there
 *
 * See AtaPortGetPhysicalAddress in the interface documentation.
 *
 * Return: bus address; 0, and length 0, for any other address.
 * LOCKING: any.
 */
ataport_hot
IDE_PHYSICAL_ADDRESS AtaPortGetPhysicalAddress(PVOID ChannelExtension,
					       PIDE_REQUEST_BLOCK Irb,
					       PVOID VirtualAddress, ULONG *Length)
{
	struct ataport_channel *ch = ataport_channel_quick(ChannelExtension);
	struct ataport_irb *pirb = ch && Irb ? ataport_irb_find(ch, Irb, true) : NULL;
	size_t offset;

	/* Usually it is the request's extension, and no division is needed. */
	if (likely(pirb && Length && ataport_in_region(VirtualAddress, pirb->ext,
						       ch->irb_ext_stride, &offset))) {
		*Length = ch->irb_ext_stride - offset;
		return (IDE_PHYSICAL_ADDRESS) { .QuadPart = pirb->ext_dma + offset };
	}
	return ataport_physical(ChannelExtension, Irb, VirtualAddress, Length);
}
EXPORT_SYMBOL_GPL(AtaPortGetPhysicalAddress);

/**
 * ataport_bounce_create() - memory for requests that are not aligned
 * @ch: channel
 *
 * Beyond a sector, the block layer keeps addresses aligned for direct I/O only,
 * and since 6.18 it refuses lengths that are not aligned as well; libata's own
 * commands do not come by it.  A miniport whose AlignmentMask asks for more than
 * what they have gets such requests in this buffer.
 *
 * LOCKING: process context.
 */
int ataport_bounce_create(struct ataport_channel *ch)
{
	if (!ataport_aligns(ch->ctl))
		return 0;
	ch->bounce = dma_alloc_coherent(&ch->ctl->pdev->dev, ATAPORT_ALIGNED_SIZE,
					&ch->bounce_dma, GFP_KERNEL);
	if (!ch->bounce)
		return -ENOMEM;
	ch->unaligned = ch->ctl->mp->iface.AlignmentMask;
	ch->bounce_size = ATAPORT_ALIGNED_SIZE;
	return 0;
}

/* The bounce buffer grows here, in process context. */
void ataport_bounce_work(struct work_struct *work)
{
	struct ataport_channel *ch =
		container_of(work, struct ataport_channel, bounce_work);
	size_t need = READ_ONCE(ch->bounce_need);
	unsigned long flags;
	unsigned int noio;
	void *buf;

	/* Memory may be what the waiting command is to free: no I/O for it. */
	noio = memalloc_noio_save();
	buf = kvmalloc(need, GFP_KERNEL);
	memalloc_noio_restore(noio);
	if (!buf)
		return;	/* the commands come again, and so does this */
	spin_lock_irqsave(&ch->lock, flags);
	if (!ch->bounce_user && ch->bounce_size < need) {
		swap(ch->bounce, buf);
		ch->bounce_size = need;
	}
	spin_unlock_irqrestore(&ch->lock, flags);
	kvfree(buf);
}

/*
 * End the DMA mapping of a command that its miniport moves by hand, or, with
 * DMA_ATTR_SKIP_CPU_SYNC, has moved.
 */
static void ataport_unmap_dma(struct ata_queued_cmd *qc, unsigned long attrs)
{
	if (!(qc->flags & ATA_QCFLAG_DMAMAP))
		return;
	dma_unmap_sg_attrs(qc->ap->dev, qc->sg, qc->orig_n_elem, qc->dma_dir, attrs);
	qc->flags &= ~ATA_QCFLAG_DMAMAP;
	qc->n_elem = qc->orig_n_elem;
}

/* Use the bounce buffer for a command, or have the command come again. */
static bool ataport_bounce(struct ataport_channel *ch, struct ataport_irb *pirb, u32 length)
{
	struct ata_queued_cmd *qc = pirb->qc;

	if (ch->bounce_user || ch->bounce_size < length) {
		if (!ch->bounce_user && !ch->unaligned) {
			WRITE_ONCE(ch->bounce_need, max_t(size_t, length, ch->bounce_need));
			queue_work(ataport_wq, &ch->bounce_work);
		}
		pirb->requeue = true;
		return false;
	}
	ch->bounce_user = pirb;
	pirb->mapped = ATAPORT_MAP_BOUNCE;
	pirb->buffer = ch->bounce;
	/*
	 * For a read too: where the device brings less, the command's memory stays
	 * as it was, and what others have left in the buffer does not get there.
	 */
	sg_copy_to_buffer(qc->sg, qc->flags & ATA_QCFLAG_DMAMAP ?
			  qc->orig_n_elem : qc->n_elem, ch->bounce, length);
	return true;
}

/**
 * ataport_align_buffer() - have a command's data where the miniport wants data
 * @ch: channel whose miniport wants more than the block layer keeps
 * @pirb: request in state BUILD of a command that is mapped for DMA
 *
 * Return: false if the command has to come again.
 * LOCKING: channel lock.
 */
bool ataport_align_buffer(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	u32 length = ataport_qc_length(pirb->qc);

	lockdep_assert_held(&ch->lock);

	ataport_unmap_dma(pirb->qc, 0);
	if (!ataport_bounce(ch, pirb, length))
		return false;
	pirb->sgl->Elements[0].Address.QuadPart = ch->bounce_dma;
	pirb->sgl->Elements[0].Length = length;
	pirb->sgl->NumberOfElements = 1;
	return true;
}

/**
 * ataport_map_buffer() - make irb.DataBuffer valid
 * @ch: channel
 * @pirb: request in state BUILD whose IRB_FLAGS_MAP_BUFFERS is set
 *
 * A buffer in one piece is used in place.  If it is left to the device, a
 * miniport that looks at it before it returns the request sees what is there:
 * with swiotlb, not the data yet.  Others use the bounce buffer.  When that is
 * taken or too small the command goes back to the block layer and comes again.
 *
 * LOCKING: channel lock.
 */
void ataport_map_buffer(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	struct ata_queued_cmd *qc = pirb->qc;
	IDE_REQUEST_BLOCK *irb = &pirb->irb;
	/* All of it, whatever IdeHwBuildIo has made of irb.DataTransferLength. */
	u32 length = ataport_qc_length(qc);

	lockdep_assert_held(&ch->lock);

	if (!length || !ata_is_data(qc->tf.protocol))
		return;
	if (pirb->mapped) {
		irb->DataBuffer = pirb->buffer;
		return;
	}
	if (!(irb->IrbFlags & IRB_FLAGS_USE_DMA))
		ataport_unmap_dma(qc, 0);
	if (qc->sg->length >= length && !PageHighMem(sg_page(qc->sg))) {
		pirb->mapped = ATAPORT_MAP_IN_PLACE;
		pirb->buffer = sg_virt(qc->sg);
		irb->DataBuffer = pirb->buffer;
		return;
	}
	if (ataport_bounce(ch, pirb, length))
		irb->DataBuffer = pirb->buffer;
}

/**
 * ataport_unmap_buffer() - bring data to where the command wants it
 * @ch: channel
 * @pirb: request in state DONE
 * @qc: its command, or NULL if libata has taken that away
 *
 * LOCKING: channel lock.
 */
void ataport_unmap_buffer(struct ataport_channel *ch, struct ataport_irb *pirb,
			  struct ata_queued_cmd *qc)
{
	lockdep_assert_held(&ch->lock);

	/* By hand after all: nothing of the mapping may overwrite it. */
	if (qc && !(pirb->irb.IrbFlags & IRB_FLAGS_USE_DMA))
		ataport_unmap_dma(qc, DMA_ATTR_SKIP_CPU_SYNC);
	if (pirb->mapped == ATAPORT_MAP_BOUNCE) {
		if (qc && qc->dma_dir == DMA_FROM_DEVICE && !(qc->flags & ATA_QCFLAG_DMAMAP))
			sg_copy_from_buffer(qc->sg, qc->n_elem, ch->bounce,
					    ataport_qc_length(qc));
		ch->bounce_user = NULL;
	}
	pirb->mapped = ATAPORT_MAP_NONE;
}
