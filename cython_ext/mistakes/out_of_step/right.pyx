"""A checksum of a text: FNV-1a."""

# What is quoted stands for a header of somebody else. Its checksum had 32 bits once.
cdef extern from *:
    """
    static unsigned long long
    fnv(const char *text, size_t length)
    {
        unsigned long long sum = 0xcbf29ce484222325;
        for (size_t i = 0; i < length; i++) {
            sum = (sum ^ (unsigned char)text[i]) * 0x100000001b3;
        }
        return sum;
    }
    """
    unsigned long long fnv(const char *text, size_t length)


def checksum(str text):
    cdef bytes data = text.encode()
    return fnv(data, len(data))
