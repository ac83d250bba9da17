// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/gpuprobe: what the file operations do is specified on top of
 * uapi/gpuprobe.h.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>

#include "chardev.h"
#include "irqtest.h"
#include "observer.h"
#include "record.h"
#include "store.h"
#include "version.h"

/**
 * struct reader - an open file
 * @lock:	protects @greeting and @after against others who share the file
 * @chardev:	the device
 * @greeting:	the module record, until it was read
 * @after:	sequence number of the last record that was read
 */
struct reader {
	struct mutex lock;	/* protects greeting and after */
	struct gp_chardev *chardev;
	struct gp_record *greeting;
	u64 after;
};

static struct gp_record *describe_module(struct gp_store *store)
{
	struct gpuprobe_module module;
	struct gp_builder builder;

	if (gp_builder_init(&builder, GPUPROBE_RECORD_MODULE))
		return NULL;
	gp_store_describe(store, &module);
	gp_builder_add_string(&builder, GPUPROBE_ITEM_MODULE_VERSION, 0,
			      GPUPROBE_VERSION);
	gp_builder_add_string(&builder, GPUPROBE_ITEM_KERNEL_RELEASE, 0,
			      init_utsname()->release);
	gp_builder_add(&builder, GPUPROBE_ITEM_MODULE, 0, &module,
		       sizeof(module));
	return gp_builder_finish(&builder);
}

static int gp_open(struct inode *inode, struct file *file)
{
	struct gp_chardev *chardev = container_of(file->private_data,
						  struct gp_chardev, misc);
	struct reader *reader;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	reader = kzalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	reader->greeting = describe_module(chardev->store);
	if (!reader->greeting) {
		kfree(reader);
		return -ENOMEM;
	}
	mutex_init(&reader->lock);
	reader->chardev = chardev;
	file->private_data = reader;
	return stream_open(inode, file);
}

static int gp_release(struct inode *inode, struct file *file)
{
	struct reader *reader = file->private_data;

	gp_record_put(reader->greeting);
	mutex_destroy(&reader->lock);
	kfree(reader);
	return 0;
}

static struct gp_record *next_record(struct reader *reader)
{
	if (reader->greeting) {
		gp_record_get(reader->greeting);
		return reader->greeting;
	}
	return gp_store_next(reader->chardev->store, reader->after);
}

static void step_past(struct reader *reader, const struct gp_record *record)
{
	if (record == reader->greeting) {
		gp_record_put(reader->greeting);
		reader->greeting = NULL;
	} else {
		reader->after = record->head.sequence;
	}
}

/* Bytes read; 0 if there is no record; -EMSGSIZE if it does not fit; -EFAULT */
static ssize_t read_one(struct reader *reader, char __user *to, size_t room)
{
	struct gp_record *record = next_record(reader);
	ssize_t ret;

	if (!record)
		return 0;
	ret = record->head.size;
	if (ret > room)
		ret = -EMSGSIZE;
	else if (copy_to_user(to, &record->head, ret))
		ret = -EFAULT;
	else
		step_past(reader, record);
	gp_record_put(record);
	return ret;
}

static ssize_t gp_read(struct file *file, char __user *to, size_t room,
		       loff_t *unused)
{
	struct reader *reader = file->private_data;
	ssize_t done = 0, ret;

	if (mutex_lock_interruptible(&reader->lock))
		return -ERESTARTSYS;
	do {
		ret = read_one(reader, to + done, room - done);
		if (ret > 0)
			done += ret;
	} while (ret > 0);
	mutex_unlock(&reader->lock);

	return done ? done : ret;
}

static __poll_t gp_poll(struct file *file, poll_table *wait)
{
	struct reader *reader = file->private_data;
	__poll_t mask;

	mutex_lock(&reader->lock);
	mask = gp_store_poll(reader->chardev->store, file, wait, reader->after);
	if (reader->greeting)
		mask |= EPOLLIN | EPOLLRDNORM;
	mutex_unlock(&reader->lock);
	return mask;
}

/* The sequence number is told also where the test could not be made. */
static long test_irq(struct reader *reader,
		     struct gpuprobe_test_irq __user *argument)
{
	struct gpuprobe_test_irq request;
	int err;

	if (copy_from_user(&request, argument, sizeof(request)))
		return -EFAULT;
	err = gp_irq_test(reader->chardev->observer, &request);
	if (copy_to_user(argument, &request, sizeof(request)))
		return -EFAULT;
	return err;
}

static long gp_ioctl(struct file *file, unsigned int command,
		     unsigned long argument)
{
	struct reader *reader = file->private_data;

	/* The file may have been handed to somebody who could not open it. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	switch (command) {
	case GPUPROBE_IOC_RESCAN:
		return gp_observer_rescan(reader->chardev->observer);
	case GPUPROBE_IOC_TEST_IRQ:
		return test_irq(reader, (void __user *)argument);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations gp_file_operations = {
	.owner = THIS_MODULE,
	.open = gp_open,
	.release = gp_release,
	.read = gp_read,
	.poll = gp_poll,
	.unlocked_ioctl = gp_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * gp_chardev_register() - let user space in
 * @chardev:	anything; overwritten
 * @store:	where the records are
 * @observer:	whom to ask for new ones; started
 *
 * May sleep.
 *
 * Return: 0 or a negative errno.
 */
int gp_chardev_register(struct gp_chardev *chardev, struct gp_store *store,
			struct gp_observer *observer)
{
	*chardev = (struct gp_chardev) {
		.misc = {
			.minor = MISC_DYNAMIC_MINOR,
			.name = GPUPROBE_DEVICE_NAME,
			.fops = &gp_file_operations,
			.mode = 0400,
		},
		.store = store,
		.observer = observer,
	};
	return misc_register(&chardev->misc);
}

/**
 * gp_chardev_unregister() - let nobody in any more
 * @chardev:	a device that was registered, with no open file: an open file
 *		holds the module
 */
void gp_chardev_unregister(struct gp_chardev *chardev)
{
	misc_deregister(&chardev->misc);
}
