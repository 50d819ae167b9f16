// SPDX-License-Identifier: GPL-2.0-only
/*
 * failcall - make the N-th call that may fail, out of one module, fail
 *
 * Distribution kernels come without fault injection.  They have kprobes,
 * though: a probe at the entry of each function below looks where the call
 * comes from, counts those out of the module under test, and at the chosen one
 * returns the function's error at once, so that nothing has to be undone.
 *
 *	parameters/module	whose calls count
 *	parameters/nth		which one fails; writing it starts the count anew
 *	parameters/calls	how many there were since
 *	parameters/site		"function caller" of the one that failed, if any
 *
 * For tests only.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static char failcall_name[MODULE_NAME_LEN];
module_param_string(module, failcall_name, sizeof(failcall_name), 0644);
MODULE_PARM_DESC(module, "name of the module whose calls are counted");

static char failcall_site[KSYM_SYMBOL_LEN + 64];
module_param_string(site, failcall_site, sizeof(failcall_site), 0444);
MODULE_PARM_DESC(site, "the call that failed: function and caller");

/* No lock: a probe may come wherever its function is called, like an NMI. */
static atomic_t failcall_calls;
static unsigned int failcall_nth;

static int failcall_calls_get(char *text, const struct kernel_param *kp)
{
	return sysfs_emit(text, "%d\n", atomic_read(&failcall_calls));
}

static const struct kernel_param_ops failcall_calls_ops = {
	.get = failcall_calls_get,
};
module_param_cb(calls, &failcall_calls_ops, NULL, 0444);
MODULE_PARM_DESC(calls, "calls counted since nth was written");

static int failcall_nth_set(const char *text, const struct kernel_param *kp)
{
	unsigned int nth;
	int rc = kstrtouint(text, 0, &nth);

	if (rc)
		return rc;
	WRITE_ONCE(failcall_nth, 0);
	failcall_site[0] = '\0';
	atomic_set(&failcall_calls, 0);
	/* Whoever sees the number counts from 0. */
	smp_store_release(&failcall_nth, nth);
	return 0;
}

static const struct kernel_param_ops failcall_nth_ops = {
	.set = failcall_nth_set,
	.get = param_get_uint,
};
module_param_cb(nth, &failcall_nth_ops, &failcall_nth, 0644);
MODULE_PARM_DESC(nth, "which call fails, from 1; 0 for none");

struct failcall_function {
	const char	*name;
	const char	*newer;		/* since 6.10, where most that allocate can tell for whom */
	long		error;
	struct kprobe	probe;
};

#define FAILS_NULL(_name)	{ .name = #_name, .error = 0 }
#define ALLOCATES(_name, _newer) { .name = #_name, .newer = #_newer, .error = 0 }
#define FAILS_WITH(_name, _error) { .name = #_name, .error = _error }

static struct failcall_function failcall_functions[] = {
	ALLOCATES(kmalloc_trace, __kmalloc_cache_noprof),
	ALLOCATES(kmalloc_node_trace, __kmalloc_cache_node_noprof),
	ALLOCATES(kmalloc_large, __kmalloc_large_noprof),
	ALLOCATES(__kmalloc, __kmalloc_noprof),
	ALLOCATES(__kmalloc_node, __kmalloc_node_noprof),
	ALLOCATES(kvmalloc_node, __kvmalloc_node_noprof),
	ALLOCATES(kmem_cache_alloc, kmem_cache_alloc_noprof),
	ALLOCATES(kmemdup, kmemdup_noprof),
	ALLOCATES(kstrdup, kstrdup_noprof),
	FAILS_NULL(kasprintf),
	ALLOCATES(__get_free_pages, get_free_pages_noprof),
	ALLOCATES(get_zeroed_page, get_zeroed_page_noprof),
	FAILS_NULL(dma_alloc_attrs),
	FAILS_NULL(dma_map_sg_attrs),
	FAILS_WITH(sg_alloc_table_chained, -ENOMEM),
	ALLOCATES(alloc_workqueue, alloc_workqueue_noprof),
	FAILS_NULL(ata_host_alloc),
	FAILS_NULL(pcim_iomap),
	FAILS_WITH(pcim_enable_device, -EIO),
	FAILS_WITH(pci_request_regions, -EBUSY),
	FAILS_WITH(pci_alloc_irq_vectors_affinity, -ENOSPC),
	FAILS_WITH(request_threaded_irq, -EBUSY),
	FAILS_WITH(dma_set_mask, -EIO),
	FAILS_WITH(ata_host_start, -ENOMEM),
	FAILS_WITH(ata_host_register, -ENOMEM),
	FAILS_WITH(__pci_register_driver, -ENOMEM),
};

/* Not exported; found by a probe that is taken away again. */
static struct module *(*failcall_module_of)(unsigned long address);

/* What the failing call returns through: its result is in a register already. */
static noinline notrace void failcall_return(void)
{
	barrier();
}

static bool failcall_is_nth(struct failcall_function *f, unsigned long caller)
{
	if (atomic_inc_return(&failcall_calls) != READ_ONCE(failcall_nth))
		return false;
	snprintf(failcall_site, sizeof(failcall_site), "%s %ps", f->name, (void *)caller);
	return true;
}

/* At a function's first instruction, where it will return to. */
static __always_inline unsigned long failcall_caller(struct pt_regs *regs)
{
#ifdef CONFIG_ARM64
	return procedure_link_pointer(regs);
#else
	return *(unsigned long *)kernel_stack_pointer(regs);
#endif
}

static int __kprobes failcall_enter(struct kprobe *probe, struct pt_regs *regs)
{
	struct failcall_function *f = container_of(probe, struct failcall_function, probe);
	unsigned long caller;
	struct module *mod;

	if (!smp_load_acquire(&failcall_nth))
		return 0;
	caller = failcall_caller(regs);
	mod = failcall_module_of(caller);
	if (likely(!mod || strcmp(mod->name, failcall_name)))
		return 0;
	if (!failcall_is_nth(f, caller))
		return 0;
	regs_set_return_value(regs, f->error);
	instruction_pointer_set(regs, (unsigned long)failcall_return);
	return 1;
}

/* There only because a probe without one may be optimized, and then cannot divert. */
static void failcall_after(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static int failcall_probe(struct failcall_function *f, const char *symbol)
{
	f->probe = (struct kprobe) {
		.symbol_name = symbol,
		.pre_handler = failcall_enter,
		.post_handler = failcall_after,
	};
	return register_kprobe(&f->probe);
}

static int __init failcall_init(void)
{
	struct kprobe finder = { .symbol_name = "__module_text_address" };
	unsigned int i, nr = 0;
	int rc;

	rc = register_kprobe(&finder);
	if (rc) {
		pr_err("failcall: no probe at %s (%d)\n", finder.symbol_name, rc);
		return rc;
	}
	failcall_module_of = (void *)finder.addr;
	unregister_kprobe(&finder);

	for (i = 0; i < ARRAY_SIZE(failcall_functions); i++) {
		struct failcall_function *f = &failcall_functions[i];

		rc = failcall_probe(f, f->name);
		if (rc == -ENOENT && f->newer)
			rc = failcall_probe(f, f->newer);
		if (rc) {
			/* Not every kernel has each of them. */
			pr_info("failcall: no probe at %s (%d)\n", f->name, rc);
			f->probe.addr = NULL;
			continue;
		}
		nr++;
	}
	pr_info("failcall: %u functions can fail\n", nr);
	return 0;
}
module_init(failcall_init);

static void __exit failcall_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(failcall_functions); i++)
		if (failcall_functions[i].probe.addr)
			unregister_kprobe(&failcall_functions[i].probe);
}
module_exit(failcall_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("lets the N-th call out of a module fail, for tests");
