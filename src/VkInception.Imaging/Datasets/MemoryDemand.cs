namespace VkInception.Imaging.Datasets;

/// <summary>Allocates what a data set or a batch takes, or says that there is no memory for it.</summary>
internal static class MemoryDemand
{
    public static byte[] Bytes(long count, string where)
    {
        try
        {
            return GC.AllocateUninitializedArray<byte>(checked((int)count));
        }
        catch (OutOfMemoryException e)
        {
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"{where}: no memory for its {count} bytes of pixels", e);
        }
    }

    /// <summary>A file, whole.</summary>
    public static byte[] File(string path, long maxBytes, string kind)
    {
        try
        {
            return PhotoFile.Read(path, maxBytes, kind);
        }
        catch (OutOfMemoryException e)
        {
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"{path}: no memory to read it", e);
        }
    }
}
