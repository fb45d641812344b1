namespace VkInception.Training;

/// <summary>Keeps a second process out of a run's folder for as long as it is held; a killed process lets go by dying.</summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The file that is held open; it stays when the run is over, since removing it would open a race.</summary>
    public const string FileName = "run.lock";

    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private readonly FileStream stream;

    private RunLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes the lock of a folder, which is created.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/>: another process holds it, or the system refuses.</exception>
    public static RunLock Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{folder}: another training run is at work in this folder ({FileName} is held); wait for it or name another folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{folder}: cannot be used for a run: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    // Outside Windows the code is errno: EWOULDBLOCK, which is 11 on Linux and 35 on macOS.
    private static bool IsHeld(IOException e) => OperatingSystem.IsWindows()
        ? e.HResult == WindowsSharingViolation
        : e.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);
}
