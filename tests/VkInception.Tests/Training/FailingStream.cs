namespace VkInception.Tests.Training;

/// <summary>Zeros, and after so many an error, as a full disk gives one.</summary>
internal sealed class FailingStream(int bytes) : MemoryStream(new byte[bytes])
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = base.Read(buffer, offset, count);
        return read > 0 ? read : throw new IOException("no space in this test");
    }
}
