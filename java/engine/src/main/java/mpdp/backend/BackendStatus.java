package mpdp.backend;

/**
 * Whether a back end can run here.
 *
 * @param name what {@code --backend} takes
 * @param detail the device when available, otherwise why it is not
 */
public record BackendStatus(String name, boolean available, String detail) {}
