using System.Diagnostics;
using NUnit.Framework;

namespace VkInception.Tests.Training;

/// <summary>A file system of a few kilobytes; the test is skipped where this process may not mount one.</summary>
internal sealed class TinyDisk : IDisposable
{
    private TinyDisk(string path) => Path = path;

    public string Path { get; }

    public static TinyDisk Mount(string folder, int kilobytes)
    {
        string path = System.IO.Path.Combine(folder, "disk");
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsLinux() || Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path) != 0)
        {
            Directory.Delete(path);
            Assert.Ignore("needs the right to mount a small file system (root on Linux)");
        }
        return new TinyDisk(path);
    }

    /// <summary>Fills it to the last byte.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (int size in (int[])[4096, 1])
        {
            var block = new byte[size];
            while (TryWrite(ballast, block))
            {
            }
        }
    }

    /// <summary>Takes no more writing, whoever writes.</summary>
    public void MakeReadOnly() => Assert.That(Run("mount", "-o", "remount,ro", Path), Is.Zero);

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty() => File.Delete(Ballast);

    public void Dispose() => Assert.That(Run("umount", Path), Is.Zero);

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    private static bool TryWrite(FileStream file, byte[] block)
    {
        try
        {
            file.Write(block);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
